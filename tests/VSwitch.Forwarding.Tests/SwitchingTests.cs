using VSwitch.Frames;
using VSwitch.Policy;
using VSwitch.Ports;
using VSwitch.Wire;
using static VSwitch.Forwarding.Tests.TestFrames;

namespace VSwitch.Forwarding.Tests;

/// <summary>Frames in, frames, drops and counters out: VLANs, learning, flooding and the rules against loops.</summary>
public sealed class SwitchingTests : IDisposable
{
    private const string A = "02:00:00:00:00:0a";
    private const string B = "02:00:00:00:00:0b";
    private const string C = "02:00:00:00:00:0c";

    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void An_unknown_address_floods_its_VLAN_and_a_known_one_does_not()
    {
        int a = _bench.AddVeth(Bench.Access(10)), b = _bench.AddVeth(Bench.Access(10)), c = _bench.AddVeth(Bench.Access(10)), other = _bench.AddVeth(Bench.Access(20));

        Assert.Equal([b, c], _bench.Send(a, Ethernet(B, A)));
        Assert.Equal([a], _bench.Send(b, Ethernet(A, B)));
        Assert.Equal([b], _bench.Send(a, Ethernet(B, A)));
        Assert.Equal([], _bench.Send(other, Ethernet(A, C)));
        Assert.Equal(1UL, _bench.Drops(other, DropReason.NoEgress));
        Assert.Equal(2UL, _bench.Counters(b).SentFlood + _bench.Counters(c).SentFlood);
    }

    [Fact]
    public void Group_addresses_flood_and_are_counted_by_kind()
    {
        int a = _bench.AddVeth(Bench.Access(1)), b = _bench.AddVeth(Bench.Access(1));

        Assert.Equal([b], _bench.Send(a, Ethernet(Broadcast, A)));
        Assert.Equal([b], _bench.Send(a, Ethernet("01:00:5e:00:00:fb", A)));

        Assert.Equal((1UL, 1UL, 0UL), (_bench.Counters(a).ReceivedBroadcast, _bench.Counters(a).ReceivedMulticast, _bench.Counters(a).ReceivedUnicast));
        Assert.Equal((1UL, 1UL, 120UL), (_bench.Counters(b).SentBroadcast, _bench.Counters(b).SentMulticast, _bench.Counters(b).SentBytes));
    }

    [Theory]
    [InlineData("01:80:c2:00:00:00")]
    [InlineData("01:80:c2:00:00:0f")]
    public void Reserved_group_addresses_are_not_forwarded(string destination)
    {
        int a = _bench.AddVeth(Bench.Access(1));
        _bench.AddVeth(Bench.Access(1));

        Assert.Equal([], _bench.Send(a, Ethernet(destination, A)));
        Assert.Equal(1UL, _bench.Drops(a, DropReason.ReservedAddress));
    }

    [Theory]
    [InlineData("01:00:00:00:00:0a")]
    [InlineData("00:00:00:00:00:00")]
    public void A_source_that_cannot_be_one_is_dropped(string source)
    {
        int a = _bench.AddVeth(Bench.Access(1));
        _bench.AddVeth(Bench.Access(1));

        Assert.Equal([], _bench.Send(a, Ethernet(B, source)));
        Assert.Equal(1UL, _bench.Drops(a, DropReason.SourceInvalid));
    }

    [Fact]
    public void A_runt_is_dropped()
    {
        int a = _bench.AddVeth(Bench.Access(1));
        _bench.AddVeth(Bench.Access(1));

        Assert.Equal([], _bench.Send(a, new byte[13]));
        Assert.Equal(1UL, _bench.Drops(a, DropReason.Runt));
    }

    [Fact]
    public void An_access_port_takes_priority_tags_but_no_VLAN_tags()
    {
        int a = _bench.AddVeth(Bench.Access(10)), b = _bench.AddVeth(Bench.Access(10));

        Dictionary<int, SentFrame> sent = _bench.SendAndTake(a, Tagged(Ethernet(B, A), tci: 0x6000));
        Assert.Equal(Ethernet(B, A), sent[b].Bytes);
        Assert.Equal([], _bench.Send(a, Tagged(Ethernet(B, A), tci: 10)));
        Assert.Equal(1UL, _bench.Drops(a, DropReason.TaggedOnAccess));
    }

    [Fact]
    public void A_trunk_tags_what_leaves_but_for_its_native_VLAN()
    {
        int a = _bench.AddVeth(Bench.Access(10)), native = _bench.AddVeth(Bench.Access(5)), trunk = _bench.AddVeth(Bench.Trunk("5,10", native: 5));

        Assert.Equal(Tagged(Ethernet(B, A), 10), _bench.SendAndTake(a, Ethernet(B, A))[trunk].Bytes);
        Assert.Equal(Ethernet(B, C), _bench.SendAndTake(native, Ethernet(B, C))[trunk].Bytes);
        Assert.Equal(Ethernet(C, B), _bench.SendAndTake(trunk, Ethernet(C, B))[native].Bytes);
        Assert.Equal(Ethernet(A, B), _bench.SendAndTake(trunk, Tagged(Ethernet(A, B), 10))[a].Bytes);
    }

    [Fact]
    public void A_trunk_keeps_the_priority_of_a_tag()
    {
        int one = _bench.AddVeth(Bench.Trunk("10")), two = _bench.AddVeth(Bench.Trunk("10"));

        byte[] frame = Tagged(Ethernet(B, A), tci: 0xB00A);
        Assert.Equal(frame, _bench.SendAndTake(one, frame)[two].Bytes);
    }

    [Fact]
    public void A_tag_that_the_kernel_took_out_is_put_back()
    {
        int one = _bench.AddVeth(Bench.Trunk("10")), two = _bench.AddVeth(Bench.Trunk("10")), access = _bench.AddVeth(Bench.Access(10));

        Dictionary<int, SentFrame> sent = _bench.SendAndTake(one, Ethernet(B, A), outOfBandTci: 10);
        Assert.Equal(Tagged(Ethernet(B, A), 10), sent[two].Bytes);
        Assert.Equal(Ethernet(B, A), sent[access].Bytes);
    }

    [Fact]
    public void Only_the_outer_tag_counts()
    {
        int trunk = _bench.AddVeth(Bench.Trunk("10")), access = _bench.AddVeth(Bench.Access(10));

        byte[] inner = Tagged(Ethernet(B, A), 20);
        Assert.Equal(inner, _bench.SendAndTake(trunk, Tagged(inner, 10))[access].Bytes);
    }

    /// <summary>What is behind the priority tag would be the frame's VLAN for whoever gets it without the tag.</summary>
    [Theory]
    [InlineData(0x8100, 20, 0x8100, 0)]
    [InlineData(0x88A8, 0, 0x8100, 0)]
    [InlineData(0x88A8, 20, 0x8100, 0)]
    [InlineData(0x88A8, 20, 0, 0)]
    public void A_tag_behind_a_priority_tag_is_a_tag_on_an_access_port(int innerType, int innerTci, int outerType, int outerTci)
    {
        int access = _bench.AddVeth(Bench.Access(10));
        _bench.AddVeth(Bench.Trunk("10,20", native: 10));

        byte[] frame = Tagged(Ethernet(Broadcast, A), innerTci, innerType);
        Assert.Equal([], _bench.Send(access, outerType == 0 ? frame : Tagged(frame, outerTci, outerType)));
        Assert.Equal([], _bench.Send(access, frame, outOfBandTci: 0));
        Assert.Equal(2UL, _bench.Drops(access, DropReason.TaggedOnAccess));
    }

    [Fact]
    public void A_frame_with_an_inner_tag_leaves_a_trunk_tagged_in_its_native_VLAN_too()
    {
        int one = _bench.AddVeth(Bench.Trunk("10", native: 10)), two = _bench.AddVeth(Bench.Trunk("10,20", native: 10));

        byte[] inner = Tagged(Ethernet(Broadcast, A), 20);
        Assert.Equal(Tagged(inner, 10), _bench.SendAndTake(one, Tagged(inner, 10))[two].Bytes);
        Assert.Equal(Tagged(inner, 10), _bench.SendAndTake(one, Tagged(inner, 0))[two].Bytes);
        Assert.Equal(Tagged(inner, 10), _bench.SendAndTake(one, inner, outOfBandTci: 10)[two].Bytes);
        byte[] service = Tagged(Ethernet(Broadcast, A), 20, 0x88A8);
        Assert.Equal(Tagged(service, 10), _bench.SendAndTake(one, service)[two].Bytes);
    }

    [Fact]
    public void A_tag_that_is_cut_short_and_a_heap_of_tags_are_malformed()
    {
        int one = _bench.AddVeth(Bench.Trunk("10", native: 10));
        _bench.AddVeth(Bench.Trunk("10", native: 10));

        Assert.Equal([], _bench.Send(one, Tagged(Ethernet(Broadcast, A), 10)[..17]));
        Assert.Equal([], _bench.Send(one, Enumerable.Range(0, 5).Aggregate(Ethernet(Broadcast, A), (frame, _) => Tagged(frame, 0))));
        Assert.Equal(2UL, _bench.Drops(one, DropReason.Malformed));
    }

    [Fact]
    public void A_trunk_refuses_VLANs_that_it_does_not_carry()
    {
        int trunk = _bench.AddVeth(Bench.Trunk("10", native: 1));
        _bench.AddVeth(Bench.Access(20));

        Assert.Equal([], _bench.Send(trunk, Tagged(Ethernet(B, A), 20)));
        Assert.Equal([], _bench.Send(trunk, Ethernet(B, A)));
        Assert.Equal(2UL, _bench.Drops(trunk, DropReason.VlanNotAllowed));
    }

    [Fact]
    public void A_VLAN_that_is_not_active_forwards_nothing()
    {
        _bench.ActiveVlans = VlanSet.Parse("1");
        int a = _bench.AddVeth(Bench.Access(10));
        _bench.AddVeth(Bench.Access(10));

        Assert.Equal([], _bench.Send(a, Ethernet(B, A)));
        Assert.Equal(1UL, _bench.Drops(a, DropReason.VlanInactive));
    }

    [Fact]
    public void A_blocked_port_lets_nothing_in_and_nothing_out()
    {
        int a = _bench.AddVeth(PortPolicy.Blocked), b = _bench.AddVeth(Bench.Access(1)), c = _bench.AddVeth(Bench.Access(1));

        Assert.Equal([], _bench.Send(a, Ethernet(B, A)));
        Assert.Equal(1UL, _bench.Drops(a, DropReason.PortBlocked));
        Assert.Equal([c], _bench.Send(b, Ethernet(A, B)));
    }

    [Fact]
    public void An_address_behind_a_port_that_left_the_VLAN_gets_nothing()
    {
        int a = _bench.AddVeth(Bench.Access(1)), b = _bench.AddVeth(Bench.Access(1));
        _bench.Send(b, Ethernet(A, B));
        _bench.SetPolicy(b, Bench.Access(2));

        Assert.Equal([], _bench.Send(a, Ethernet(B, A)));
        Assert.Equal(1UL, _bench.Drops(b, DropReason.EgressBlocked));
    }

    [Fact]
    public void A_frame_for_an_address_behind_its_own_port_goes_nowhere()
    {
        int a = _bench.AddVeth(Bench.Access(1));
        _bench.AddVeth(Bench.Access(1));
        _bench.Send(a, Ethernet(B, A));
        _bench.Send(a, Ethernet(A, B));

        Assert.Equal([], _bench.Send(a, Ethernet(B, A)));
        Assert.Equal(2UL, _bench.Drops(a, DropReason.Hairpin));
    }

    [Fact]
    public void An_address_moves_with_its_frames()
    {
        int a = _bench.AddVeth(Bench.Access(1)), b = _bench.AddVeth(Bench.Access(1)), c = _bench.AddVeth(Bench.Access(1));
        _bench.Send(b, Ethernet(A, B));
        _bench.Send(c, Ethernet(A, B));

        Assert.Equal([c], _bench.Send(a, Ethernet(B, A)));
        Assert.Equal(1UL, _bench.MacTable.Moves);
    }

    [Fact]
    public void Uplinks_return_nothing_to_uplinks()
    {
        int veth = _bench.AddVeth(Bench.Access(10)), one = _bench.AddUplink(Bench.Trunk("10")), two = _bench.AddUplink(Bench.Trunk("10"));

        Assert.Equal([veth], _bench.Send(one, Tagged(Ethernet(Broadcast, A), 10)));
        Assert.Equal([], _bench.Send(two, Tagged(Ethernet(A, B), 10)));
        Assert.Equal(1UL, _bench.Drops(two, DropReason.UplinkToUplink));
        Assert.Equal([one, two], _bench.Send(veth, Ethernet(Broadcast, C)));
    }

    [Fact]
    public void A_frame_of_a_local_vEth_that_an_uplink_returns_is_dropped()
    {
        int veth = _bench.AddVeth(Bench.Access(10)), uplink = _bench.AddUplink(Bench.Trunk("10"));
        _bench.AddVeth(Bench.Access(10));
        Assert.True(_bench.MacTable.AddStatic(10, MacAddress.Parse(A).Value, veth));

        Assert.Equal([], _bench.Send(uplink, Tagged(Ethernet(Broadcast, A), 10)));
        Assert.Equal(1UL, _bench.Drops(uplink, DropReason.DejaVu));
    }

    [Fact]
    public void A_learnt_address_is_its_vEths_while_it_sends_and_may_move_to_an_uplink_later()
    {
        int veth = _bench.AddVeth(Bench.Access(10)), uplink = _bench.AddUplink(Bench.Trunk("10")), other = _bench.AddVeth(Bench.Access(10));
        _bench.Send(veth, Ethernet(Broadcast, A));

        Assert.Equal([], _bench.Send(uplink, Tagged(Ethernet(Broadcast, A), 10)));
        Assert.Equal([veth], _bench.Send(other, Ethernet(A, B)));
        _bench.NowSeconds += 2;
        Assert.Equal([veth, other], _bench.Send(uplink, Tagged(Ethernet(Broadcast, A), 10)));
        Assert.Equal([uplink], _bench.Send(other, Ethernet(A, B)));
    }

    [Fact]
    public void A_station_whose_vEth_has_no_link_is_believed_at_once()
    {
        int veth = _bench.AddVeth(Bench.Access(10)), uplink = _bench.AddUplink(Bench.Trunk("10")), other = _bench.AddVeth(Bench.Access(10));
        _bench.Send(veth, Ethernet(Broadcast, A));
        _bench.Memory(veth).IsLinkUp = false;

        Assert.Contains(other, _bench.Send(uplink, Tagged(Ethernet(Broadcast, A), 10)));
        Assert.Equal([uplink], _bench.Send(other, Ethernet(A, B)));
    }

    [Fact]
    public void A_vEth_cannot_take_another_ones_address()
    {
        int a = _bench.AddVeth(Bench.Access(10)), thief = _bench.AddVeth(Bench.Access(10)), c = _bench.AddVeth(Bench.Access(10));
        Assert.True(_bench.MacTable.AddStatic(10, MacAddress.Parse(A).Value, a));

        Assert.Equal([], _bench.Send(thief, Ethernet(Broadcast, A)));
        Assert.Equal(1UL, _bench.Drops(thief, DropReason.SourceStaticElsewhere));
        Assert.Equal([a], _bench.Send(c, Ethernet(A, C)));
    }

    [Fact]
    public void Every_frame_of_a_random_run_is_accounted_for()
    {
        int[] ports =
        [
            _bench.AddVeth(Bench.Access(10)), _bench.AddVeth(Bench.Access(10)), _bench.AddVeth(Bench.Access(20)), _bench.AddVeth(Bench.Trunk("10,20", native: 20)),
            _bench.AddUplink(Bench.Trunk("1-4094")), _bench.AddUplink(Bench.Trunk("10")), _bench.AddVeth(PortPolicy.Blocked),
        ];
        var random = new Random(42);
        ulong injected = 0, copies = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] frame = Ethernet($"02:00:00:00:00:{random.Next(16):x2}", $"02:00:00:00:00:{random.Next(16):x2}", payloadBytes: random.Next(100));
            if (random.Next(3) == 0)
                frame = Tagged(frame, random.Next(4) * 10);
            if (random.Next(10) == 0)
                frame[0] = 0xFF;
            if (random.Next(50) == 0)
                frame = frame[..random.Next(1, 14)];
            copies += (ulong)_bench.Send(ports[random.Next(ports.Length)], frame).Length;
            injected++;
        }

        (ulong received, ulong droppedIn, ulong sent, ulong droppedOut) = _bench.Totals();
        Assert.Equal(injected, received);
        Assert.Equal(copies, sent);
        Assert.True(sent + droppedOut >= received - droppedIn, "every frame that was not dropped has a copy that was sent or dropped");
    }
}

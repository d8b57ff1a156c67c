using System.Collections.Immutable;
using VSwitch.Frames;
using VSwitch.Policy;
using VSwitch.Wire;
using static VSwitch.Forwarding.Tests.TestFrames;

namespace VSwitch.Forwarding.Tests;

public sealed class AccessListTests : IDisposable
{
    private const string A = "02:00:00:00:00:0a";
    private const string B = "02:00:00:00:00:0b";
    private const byte Tcp = 6;
    private const byte Udp = 17;

    private static readonly AccessEntry NoTelnet = new()
    {
        Sequence = 10,
        Action = AccessAction.Deny,
        Protocol = Tcp,
        DestinationPort = new PortMatch(PortOperator.Equal, 23, 23),
    };

    private static readonly AccessEntry Rest = new() { Sequence = 20, Action = AccessAction.Permit };

    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void An_inbound_list_denies_and_counts()
    {
        _bench.SetAccessList(List(NoTelnet, Rest));
        int a = _bench.AddVeth(Bench.Access(1) with { AccessGroupIn = "500" }), b = _bench.AddVeth(Bench.Access(1));

        Assert.Equal([], _bench.Send(a, Ipv4(B, A, "10.0.0.1", "10.0.0.2", Tcp, 1000, 23)));
        Assert.Equal([b], _bench.Send(a, Ipv4(B, A, "10.0.0.1", "10.0.0.2", Tcp, 1000, 80)));
        Assert.Equal([b], _bench.Send(a, Ipv4(B, A, "10.0.0.1", "10.0.0.2", Udp, 1000, 23)));

        Assert.Equal(1UL, _bench.Drops(a, DropReason.AclIn));
        Assert.Equal((1UL, 2UL), (_bench.Matches("500", 0), _bench.Matches("500", 1)));
    }

    /// <summary>The kernel of the receiving guest takes priority tags off, as many as there are.</summary>
    [Fact]
    public void A_list_looks_behind_inner_tags()
    {
        _bench.SetAccessList(List(NoTelnet, Rest));
        int a = _bench.AddVeth(Bench.Trunk("1") with { AccessGroupIn = "500" });
        _bench.AddVeth(Bench.Access(1));

        byte[] frame = Ipv4(B, A, "10.0.0.1", "10.0.0.2", Tcp, 1000, 23);
        Assert.Equal([], _bench.Send(a, Tagged(Tagged(frame, 0), 0)));
        Assert.Equal([], _bench.Send(a, Tagged(frame, 0, 0x88A8)));
        Assert.Equal([], _bench.Send(a, Tagged(Tagged(frame, 0, 0x88A8), 1)));
        Assert.Equal([], _bench.Send(a, Tagged(frame, 0), outOfBandTci: 1));
        Assert.Equal(4UL, _bench.Drops(a, DropReason.AclIn));
    }

    [Fact]
    public void An_outbound_list_denies_the_copy_for_its_port_alone()
    {
        _bench.SetAccessList(List(NoTelnet, Rest));
        int a = _bench.AddVeth(Bench.Access(1)), guarded = _bench.AddVeth(Bench.Access(1) with { AccessGroupOut = "500" }), open = _bench.AddVeth(Bench.Access(1));

        Assert.Equal([open], _bench.Send(a, Ipv4(Broadcast, A, "10.0.0.1", "10.0.0.2", Tcp, 1000, 23)));
        Assert.Equal(1UL, _bench.Drops(guarded, DropReason.AclOut));
        Assert.Equal([guarded, open], _bench.Send(a, Ipv4(Broadcast, A, "10.0.0.1", "10.0.0.2", Tcp, 1000, 22)));
    }

    [Fact]
    public void What_no_entry_permits_is_denied_but_for_what_is_not_IPv4()
    {
        _bench.SetAccessList(List(NoTelnet));
        int a = _bench.AddVeth(Bench.Access(1) with { AccessGroupIn = "500" }), b = _bench.AddVeth(Bench.Access(1));

        Assert.Equal([], _bench.Send(a, Ipv4(B, A, "10.0.0.1", "10.0.0.2", Udp, 1, 2)));
        Assert.Equal([b], _bench.Send(a, Ethernet(Broadcast, A, 0x0806)));
        Assert.Equal(1UL, _bench.Matches("500", 1));
    }

    [Fact]
    public void A_name_without_a_list_permits_everything()
    {
        int a = _bench.AddVeth(Bench.Access(1) with { AccessGroupIn = "missing" }), b = _bench.AddVeth(Bench.Access(1));

        Assert.Equal([b], _bench.Send(a, Ipv4(B, A, "10.0.0.1", "10.0.0.2", Tcp, 1, 23)));
    }

    [Fact]
    public void Established_asks_for_ACK_or_RST()
    {
        _bench.SetAccessList(List(new AccessEntry { Sequence = 10, Action = AccessAction.Permit, Protocol = Tcp, Established = true }));
        int a = _bench.AddVeth(Bench.Access(1) with { AccessGroupIn = "500" }), b = _bench.AddVeth(Bench.Access(1));

        Assert.Equal([], _bench.Send(a, Ipv4(B, A, "10.0.0.1", "10.0.0.2", Tcp, 1, 2, tcpFlags: 0x02)));
        Assert.Equal([b], _bench.Send(a, Ipv4(B, A, "10.0.0.1", "10.0.0.2", Tcp, 1, 2, tcpFlags: 0x12)));
        Assert.Equal([b], _bench.Send(a, Ipv4(B, A, "10.0.0.1", "10.0.0.2", Tcp, 1, 2, tcpFlags: 0x04)));
    }

    [Fact]
    public void An_edit_leaves_the_counts_of_the_other_entries_alone()
    {
        _bench.SetAccessList(List(NoTelnet, Rest));
        int a = _bench.AddVeth(Bench.Access(1) with { AccessGroupIn = "500" });
        _bench.AddVeth(Bench.Access(1));
        _bench.Send(a, Ipv4(B, A, "10.0.0.1", "10.0.0.2", Tcp, 1, 23));

        _bench.SetAccessList(List(new AccessEntry { Sequence = 5, Action = AccessAction.Permit, Source = Ipv4Prefix.Parse("host 10.0.0.9") }, NoTelnet, Rest));
        _bench.Send(a, Ipv4(B, A, "10.0.0.1", "10.0.0.2", Tcp, 1, 23));

        Assert.Equal((0UL, 2UL, 0UL), (_bench.Matches("500", 0), _bench.Matches("500", 1), _bench.Matches("500", 2)));
    }

    [Fact]
    public void A_list_that_is_numbered_anew_goes_on_counting()
    {
        _bench.SetAccessList(List(NoTelnet, Rest));
        int a = _bench.AddVeth(Bench.Access(1) with { AccessGroupIn = "500" });
        _bench.Send(a, Ipv4(B, A, "10.0.0.1", "10.0.0.2", Tcp, 1000, 23));
        _bench.Send(a, Ipv4(B, A, "10.0.0.1", "10.0.0.2", Tcp, 1000, 80));

        _bench.SetAccessList(List(NoTelnet with { Sequence = 100 }, Rest with { Sequence = 107 }));
        _bench.Send(a, Ipv4(B, A, "10.0.0.1", "10.0.0.2", Tcp, 1000, 23));

        Assert.Equal((2UL, 1UL), (_bench.Matches("500", 0), _bench.Matches("500", 1)));
    }

    [Fact]
    public void A_malformed_IPv4_frame_matches_the_implicit_deny()
    {
        _bench.SetAccessList(List(Rest));
        int a = _bench.AddVeth(Bench.Access(1) with { AccessGroupIn = "500" });
        _bench.AddVeth(Bench.Access(1));
        byte[] frame = Ipv4(B, A, "10.0.0.1", "10.0.0.2", Tcp, 1, 23);
        frame[14] = 0x4F;

        frame[17] = 10;
        Assert.Equal([], _bench.Send(a, frame));
        Assert.Equal(1UL, _bench.Drops(a, DropReason.AclIn));
    }

    private static AccessListConfig List(params ImmutableArray<AccessEntry> entries) =>
        new() { Name = "500", StatisticsPerEntry = true, Entries = entries };
}

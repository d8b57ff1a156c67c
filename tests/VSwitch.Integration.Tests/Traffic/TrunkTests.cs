namespace VSwitch.Integration.Tests.Traffic;

/// <summary>802.1Q, frame by frame: who gets a broadcast, with which tag.</summary>
public sealed class TrunkTests(TrunkLab lab) : LabTest(lab.Lab, isOwner: false), IClassFixture<TrunkLab>
{
    private static int s_number;

    private readonly uint _number = (uint)Interlocked.Increment(ref s_number);

    [Fact]
    public void UntaggedFramesOfATrunkBelongToTheNativeVlan() => AssertReaches(lab.Trunk, Frame(),
        (lab.Twenty, Frame()), (lab.TrunkAway, Frame()), (lab.PacketTrunk, Frame()));

    [Fact]
    public void PriorityTaggedFramesBelongToTheNativeVlan() => AssertReaches(lab.Trunk, Frame((Ether.CTag, 0x6000)),
        (lab.Twenty, Frame()), (lab.TrunkAway, Frame()), (lab.PacketTrunk, Frame()));

    [Fact]
    public void TaggedFramesKeepTheirPriorityOnTrunksAndLoseTheTagOnAccessPorts() => AssertReaches(lab.Trunk, Frame((Ether.CTag, 0xB00A)),
        (lab.Ten, Frame()), (lab.TenAway, Frame()), (lab.TrunkAway, Frame((Ether.CTag, 0xB00A))), (lab.PacketTrunk, Frame((Ether.CTag, 0xB00A))));

    [Fact]
    public void FramesOfAccessPortsAreTaggedOnTrunks() => AssertReaches(lab.TenAway, Frame(),
        (lab.Ten, Frame()), (lab.Trunk, Frame((Ether.CTag, 10))), (lab.TrunkAway, Frame((Ether.CTag, 10))), (lab.PacketTrunk, Frame((Ether.CTag, 10))));

    [Fact]
    public void FramesOfTheNativeVlanAreUntaggedOnTrunks() => AssertReaches(lab.Twenty, Frame(),
        (lab.Trunk, Frame()), (lab.TrunkAway, Frame()), (lab.PacketTrunk, Frame()));

    [Fact]
    public void InnerTagsArePayload() => AssertReaches(lab.Trunk, Frame((Ether.CTag, 10), (Ether.CTag, 99)),
        (lab.Ten, Frame((Ether.CTag, 99))), (lab.TenAway, Frame((Ether.CTag, 99))), (lab.TrunkAway, Frame((Ether.CTag, 10), (Ether.CTag, 99))),
        (lab.PacketTrunk, Frame((Ether.CTag, 10), (Ether.CTag, 99))));

    [Fact]
    public void APacketPortPutsTagsBackThatTheKernelTookOut() => AssertReaches(lab.PacketTrunk, Frame((Ether.CTag, 0xB00A), (Ether.CTag, 99)),
        (lab.Ten, Frame((Ether.CTag, 99))), (lab.TenAway, Frame((Ether.CTag, 99))), (lab.Trunk, Frame((Ether.CTag, 0xB00A), (Ether.CTag, 99))),
        (lab.TrunkAway, Frame((Ether.CTag, 0xB00A), (Ether.CTag, 99))));

    /// <summary>An S-tag does not say the VLAN: the frame is in the native one, and shows it by a tag of its own on every trunk.</summary>
    [Fact]
    public void ServiceTagsArePayload() => AssertReaches(lab.PacketTrunk, Frame((Ether.STag, 10)),
        (lab.Twenty, Frame((Ether.STag, 10))), (lab.Trunk, Frame((Ether.CTag, 20), (Ether.STag, 10))), (lab.TrunkAway, Frame((Ether.CTag, 20), (Ether.STag, 10))));

    [Fact]
    public void AnAccessPortDropsServiceTags() => AssertDropped(lab.Ten, Frame((Ether.CTag, 0), (Ether.STag, 10)), Frame(), "tagged-on-access");

    [Fact]
    public void ATrunkDropsVlansThatItDoesNotAllow() => AssertDropped(lab.Trunk, Frame((Ether.CTag, 30)), Frame((Ether.CTag, 10)), "vlan-not-allowed");

    [Fact]
    public void ATrunkDropsTheReservedVlan() => AssertDropped(lab.Trunk, Frame((Ether.CTag, 4095)), Frame((Ether.CTag, 10)), "vlan-not-allowed");

    [Fact]
    public void AnAccessPortDropsTaggedFrames() => AssertDropped(lab.Ten, Frame((Ether.CTag, 10)), Frame(), "tagged-on-access");

    [Fact]
    public void AVlanThatNobodyElseCarriesGoesNowhere() => AssertReaches(lab.Thirty, Frame());

    /// <summary>
    /// An uplink does not take back an address that a local vEth has just sent from, which ends loops; a station that has really
    /// moved to another host is believed a moment later.
    /// </summary>
    [Fact]
    public void AStationThatMovesToAnotherHostIsBelieved()
    {
        byte[] frame = Frame((Ether.CTag, 10));
        AssertReaches(lab.Trunk, frame, (lab.Ten, Frame()), (lab.TenAway, Frame()), (lab.TrunkAway, frame), (lab.PacketTrunk, frame));
        Wait.Until(() =>
        {
            lab.TrunkAway.Send(frame);
            return lab.Ten.ReceiveAll().Any(IsOurs);
        }, "the station to be believed");
    }

    /// <summary>Every test has a station of its own, for none is to move unless that is the point.</summary>
    private byte[] Frame(params (ushort Tpid, int Tci)[] tags) => Ether.Frame(Ether.Broadcast, $"02:00:00:00:00:{_number:x2}", _number, tags);

    /// <summary>A frame arrives at these wires, so, and at no other.</summary>
    private void AssertReaches(Wire from, byte[] frame, params (Wire Wire, byte[] Frame)[] receivers)
    {
        from.Send(frame);
        foreach ((Wire wire, byte[] expected) in receivers)
            Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(wire.ReceiveUntil(IsOurs)[^1]));
        foreach (Wire other in Wires.Where(wire => wire != from && !receivers.Any(receiver => receiver.Wire == wire)))
            Assert.DoesNotContain(other.ReceiveAll(), IsOurs);
    }

    /// <summary>A frame goes nowhere and is counted under a reason; one that is sent after it arrives.</summary>
    private void AssertDropped(Wire from, byte[] frame, byte[] next, string reason)
    {
        LabHost host = lab.Lab.Hosts[0];
        long before = host.ReadDrops()[reason];
        from.Send(frame);
        from.Send(next);
        lab.TenAway.ReceiveUntil(IsOurs);
        foreach (Wire other in Wires.Where(wire => wire != from && wire != lab.TenAway))
            Assert.True(other.ReceiveAll().Count(frame => IsOurs(frame)) <= 1);
        Assert.Equal(before + 1, host.ReadDrops()[reason]);
    }

    private Wire[] Wires => [lab.Trunk, lab.TrunkAway, lab.Ten, lab.TenAway, lab.Twenty, lab.Thirty, lab.PacketTrunk];

    /// <summary>The number stands behind the source address, the tags and the ethertype.</summary>
    private bool IsOurs(byte[] frame)
    {
        byte[] mark = [0x88, 0xB5, .. BitConverter.GetBytes(_number).Reverse()];
        return frame.AsSpan().IndexOf(mark) >= 12;
    }
}

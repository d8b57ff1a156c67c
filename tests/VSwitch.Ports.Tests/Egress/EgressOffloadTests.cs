using VSwitch.Frames;

namespace VSwitch.Ports.Tests;

/// <summary>Offloads that the receiver takes travel as they are, whatever happens to the tag.</summary>
public class EgressOffloadTests
{
    [Theory]
    [MemberData(nameof(EgressSegmentationTests.Seeds), MemberType = typeof(EgressSegmentationTests))]
    public void AGsoFrameArrivesWhole(int seed)
    {
        EgressCase test = EgressCase.Random(seed);
        SentFrame sent = Assert.Single(test.Send(OffloadSet.All));
        EgressPacket expected = test.Packet with { Tci = test.SentTci };
        Assert.Equal(Convert.ToHexStringLower(expected.ToBytes(isPartial: true)), sent.Hex);
        bool isCut = expected.Payload.Length > test.SegmentBytes;
        Assert.Equal(isCut ? expected.Gso(test.SegmentBytes) : expected.PartialChecksum, sent.Offload);
    }

    /// <summary>The kernel loses a GSO frame without a word when its TCP segment, options included, is no longer than a piece.</summary>
    [Theory]
    [InlineData(1400, false)]
    [InlineData(1401, true)]
    public void APayloadThatFitsOnePieceIsNotToBeCut(int payloadBytes, bool isGso)
    {
        EgressPacket packet = new() { TcpOptions = [1, 1, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0], Payload = new byte[payloadBytes] };
        using EgressRig rig = new();
        Assert.True(rig.Receive(packet.ToBytes(isPartial: true), packet.Gso(1400)));
        Offload expected = isGso ? packet.Gso(1400) : packet.PartialChecksum;
        Assert.Equal(expected, Assert.Single(rig.Send(SendEntry.Untagged, OffloadSet.All)).Offload);
    }

    /// <summary>
    /// virtio 1.2 section 5.1.6.2.1: a GSO frame must have a partial checksum. One without, which is what large receive offload makes, the
    /// kernel refuses when there is a tag in its bytes; so it is cut for everybody.
    /// </summary>
    [Fact]
    public void AGsoFrameWithoutPartialChecksumIsCutForEverybody()
    {
        EgressPacket packet = new() { Payload = new byte[3000] };
        Offload offload = new() { Flags = OffloadFlags.DataValid, Gso = GsoType.TcpV4, SegmentBytes = 1000 };
        using EgressRig rig = new();
        Assert.True(rig.Receive(packet.ToBytes(isPartial: false), offload));
        Assert.Equal(3, rig.Send(tci: 7, OffloadSet.All).Count);
        Assert.Equal(3, rig.Send(SendEntry.Untagged, OffloadSet.All).Count);
        Assert.Equal(2UL, rig.Counters.SoftwareSegmentations);
    }

    [Theory]
    [InlineData(false, false, EgressPacket.Ack, OffloadSet.TsoV4)]
    [InlineData(true, false, EgressPacket.Ack, OffloadSet.TsoV6)]
    [InlineData(false, false, EgressPacket.Ack | EgressPacket.Cwr, OffloadSet.TsoV4 | OffloadSet.TsoEcn)]
    [InlineData(true, false, EgressPacket.Ack | EgressPacket.Cwr, OffloadSet.TsoV6 | OffloadSet.TsoEcn)]
    [InlineData(false, true, 0, OffloadSet.Uso)]
    [InlineData(true, true, 0, OffloadSet.Uso)]
    public void AReceiverGetsTheGsoTypesThatItTakesAndNoOther(bool isV6, bool isUdp, byte flags, OffloadSet needed)
    {
        EgressPacket packet = new() { IsV6 = isV6, IsUdp = isUdp, TcpFlags = flags, Payload = new byte[3000] };
        for (OffloadSet offloads = OffloadSet.None; offloads <= OffloadSet.All; offloads++)
        {
            using EgressRig rig = new();
            Assert.True(rig.Receive(packet.ToBytes(isPartial: true), packet.Gso(1000)));
            bool isTaken = offloads.HasFlag(needed | OffloadSet.Checksum);
            Assert.Equal(isTaken ? 1 : 3, rig.Send(SendEntry.Untagged, offloads).Count);
            Assert.Equal(isTaken ? 0UL : 1UL, rig.Counters.SoftwareSegmentations);
        }
    }

    [Fact]
    public void AVerifiedChecksumTravelsToAReceiverThatTakesChecksums()
    {
        EgressPacket packet = new() { Payload = new byte[100] };
        using EgressRig rig = new();
        Assert.True(rig.Receive(packet.ToBytes(isPartial: false), new Offload { Flags = OffloadFlags.DataValid }));
        Assert.Equal(OffloadFlags.DataValid, rig.Send(SendEntry.Untagged, OffloadSet.Checksum)[0].Offload.Flags);
        Assert.Equal(OffloadFlags.None, rig.Send(SendEntry.Untagged, OffloadSet.None)[0].Offload.Flags);
        Assert.Equal(0UL, rig.Counters.SoftwareChecksums);
    }

    /// <summary>The received one is a hint; the kernel answers EINVAL to some that are wrong.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(54)]
    [InlineData(60_000)]
    public void TheHeaderLengthIsThatOfTheHeaders(ushort received)
    {
        EgressPacket packet = new() { Payload = new byte[100] };
        using EgressRig rig = new();
        Assert.True(rig.Receive(packet.ToBytes(isPartial: true), packet.Gso(50) with { HeaderBytes = received }));
        Assert.Equal(58, rig.Send(tci: 7, OffloadSet.All)[0].Offload.HeaderBytes);
    }

    /// <summary>VIRTIO_NET_HDR_F_RSC_INFO gives the checksum fields another meaning that no port of ours offers.</summary>
    [Fact]
    public void UnknownFlagsEndHere()
    {
        EgressPacket packet = new();
        using EgressRig rig = new();
        Assert.True(rig.Receive(packet.ToBytes(isPartial: true), packet.PartialChecksum with { Flags = (OffloadFlags)0xFF }));
        OffloadFlags sent = rig.Send(SendEntry.Untagged, OffloadSet.All)[0].Offload.Flags;
        Assert.Equal(OffloadFlags.NeedsChecksum | OffloadFlags.DataValid, sent);
    }
}

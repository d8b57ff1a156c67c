using VSwitch.Frames;

namespace VSwitch.Ports.Tests;

/// <summary>GSO frames to receivers that do not take them.</summary>
public class EgressSegmentationTests
{
    /// <summary>5 bytes of payload, 2 in each piece, and every field that differs between them; the pieces are scapy's.</summary>
    [Fact]
    public void CutsATcpSegmentIntoThePiecesOfTheBook()
    {
        const string Ethernet = "02000000000a02000000000b0800";
        const string Ports = "9c401389";
        byte[] frame = Convert.FromHexString(
            Ethernet + "4500002d fffe4000 4006 0000 0a000001 0a000002".Replace(" ", "")
            + Ports + "ffffffff 11111111 50 99 0200 1422 0000".Replace(" ", "") + "6162636465");
        Offload offload = new()
        {
            Flags = OffloadFlags.NeedsChecksum,
            Gso = GsoType.TcpV4 | GsoType.EcnBit,
            SegmentBytes = 2,
            ChecksumStart = 34,
            ChecksumOffset = 16,
        };

        using EgressRig rig = new();
        Assert.True(rig.Receive(frame, offload));
        List<SentFrame> pieces = rig.Send(SendEntry.Untagged);

        string[] expected =
        [
            "4500002a fffe4000 4006 26cd 0a000001 0a000002" + Ports + "ffffffff 11111111 50 90 0200 6602 0000 6162",
            "4500002a ffff4000 4006 26cc 0a000001 0a000002" + Ports + "00000001 11111111 50 10 0200 647f 0000 6364",
            "45000029 00004000 4006 26cd 0a000001 0a000002" + Ports + "00000003 11111111 50 19 0200 62d9 0000 65",
        ];
        Assert.Equal(expected.Select(hex => Ethernet + hex.Replace(" ", "")), pieces.Select(piece => piece.Hex));
        Assert.All(pieces, piece => Assert.Equal(default, piece.Offload));
        Assert.Equal(1UL, rig.Counters.SoftwareSegmentations);
        Assert.Equal(0UL, rig.Counters.SoftwareChecksums);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void PiecesAreWhatTheSenderWouldHaveSent(int seed)
    {
        EgressCase test = EgressCase.Random(seed);
        Assert.Equal(test.Pieces(isPartial: false), test.Send(OffloadSet.None).Select(piece => piece.Hex));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void PiecesLeaveTheChecksumToAReceiverThatTakesIt(int seed)
    {
        EgressCase test = EgressCase.Random(seed);
        List<SentFrame> pieces = test.Send(OffloadSet.Checksum);
        Assert.Equal(test.Pieces(isPartial: true), pieces.Select(piece => piece.Hex));
        Assert.All(pieces, piece => Assert.Equal((test.Packet with { Tci = test.SentTci }).PartialChecksum, piece.Offload));
    }

    /// <summary>Large receive offload: the kernel has verified the checksum and the field holds a finished one.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void AVerifiedFrameIsCutFromItsAddresses(int seed)
    {
        EgressCase test = EgressCase.Random(seed);
        using EgressRig rig = new();
        Offload verified = test.Packet.Gso(test.SegmentBytes) with
        {
            Flags = OffloadFlags.DataValid,
            ChecksumStart = 0,
            ChecksumOffset = 0,
        };
        Assert.True(rig.Receive(test.Packet.ToBytes(isPartial: false), verified, test.OutOfBandTci, test.Cuts));
        Assert.Equal(test.Pieces(isPartial: false), rig.Send(test.SentTci).Select(piece => piece.Hex));
    }

    /// <summary>The payload is referred to where it was received; only the headers are copied.</summary>
    [Fact]
    public unsafe void PayloadIsNotCopied()
    {
        EgressPacket packet = new() { Payload = new byte[10_000] };
        using EgressRig rig = new();
        Assert.True(rig.Receive(packet.ToBytes(isPartial: true), packet.Gso(1448)));
        rig.Send(tci: 5);

        byte* payload = rig.Batch[0].Data + packet.PayloadOffset;
        for (int i = 0; i < rig.Plan.Count; i++)
        {
            Assert.Equal(packet.PayloadOffset + 4, rig.Plan[i].FrameSegments[0].Span.Length);
            Assert.True(payload == rig.Plan[i].FrameSegments[1].Data);
            payload += rig.Plan[i].FrameSegments[1].Bytes;
        }
        Assert.True(payload == rig.Batch[0].Data + rig.Batch[0].FrameBytes);
    }

    [Theory]
    [InlineData("a fragment", "fragment")]
    [InlineData("another IP version than the metadata says", "version")]
    [InlineData("another transport than the metadata says", "transport")]
    [InlineData("a checksum field that is not TCP's", "field")]
    [InlineData("more pieces than a plan takes", "pieces")]
    public void WhatItsHeadersDoNotAllowIsDropped(string why, string change)
    {
        EgressPacket packet = new() { Payload = new byte[2_000] };
        byte[] bytes = packet.ToBytes(isPartial: true);
        Offload offload = packet.Gso(1000);
        switch (change)
        {
            case "fragment":
                bytes[20] = 0x20;
                break;
            case "version":
                offload.Gso = GsoType.TcpV6;
                break;
            case "transport":
                offload.Gso = GsoType.UdpL4;
                break;
            case "field":
                offload.ChecksumOffset = 14;
                break;
            case "pieces":
                offload.SegmentBytes = 3;
                break;
        }

        using EgressRig rig = new();
        Assert.True(rig.Receive(bytes, offload), why);
        Assert.Empty(rig.Send(SendEntry.Untagged));
        Assert.Equal(1UL, rig.Counters.Drops(DropReason.Unsegmentable));
        Assert.Equal(0UL, rig.Counters.SoftwareSegmentations);
        Assert.Single(rig.Send(SendEntry.Untagged, OffloadSet.All));
    }

    [Theory]
    [InlineData(192, 2)]
    [InlineData(200, 0)]
    public void HeadersWithoutMeasureAreNotRepeated(int extensionBytes, int sent)
    {
        EgressPacket packet = new()
        {
            IsV6 = true,
            IsUdp = true,
            Extension = [17, (byte)(extensionBytes / 8 - 1), 1, (byte)(extensionBytes - 4), .. new byte[extensionBytes - 4]],
            Payload = new byte[100],
        };
        using EgressRig rig = new();
        Assert.True(rig.Receive(packet.ToBytes(isPartial: true), packet.Gso(50)));
        Assert.Equal(sent, rig.Send(SendEntry.Untagged).Count);
        Assert.Equal(sent == 0 ? 1 : 0, (int)rig.Counters.Drops(DropReason.Unsegmentable));
    }

    /// <summary>No MTU that a port has lets such a piece pass, but a length field must not depend on that.</summary>
    [Theory]
    [InlineData(65_535 - 40, 2)]
    [InlineData(65_535 - 39, 0)]
    public void APieceFitsItsLengthField(ushort segmentBytes, int sent)
    {
        EgressPacket packet = new() { Payload = new byte[65_600] };
        using EgressRig rig = new();
        Assert.True(rig.Receive(packet.ToBytes(isPartial: true), packet.Gso(segmentBytes)));
        Assert.Equal(sent, rig.Send(SendEntry.Untagged, mtu: 100_000).Count);
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 250)];
}

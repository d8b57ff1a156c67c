using VSwitch.Frames;

namespace VSwitch.Ports.Tests;

/// <summary>What a sender may say about its frame.</summary>
public class EgressOffloadRulesTests
{
    private const int HeadBytes = 100;

    [Theory]
    [InlineData(14, 84, true)]
    [InlineData(98, 0, true)]
    [InlineData(13, 0, false)]
    [InlineData(14, 85, false)]
    [InlineData(99, 0, false)]
    [InlineData(0xFFFF, 0xFFFF, false)]
    public void TheChecksumFieldLiesInTheHeadBehindTheEthernetHeader(int start, int offset, bool isValid) =>
        Assert.Equal(isValid, IsValid(new byte[200], Checksum(start, offset)));

    /// <summary>A tag put in moves the start by four bytes, which its field must have room for.</summary>
    [Theory]
    [InlineData(0xFFFB, true)]
    [InlineData(0xFFFC, false)]
    public void TheStartLeavesRoomForATag(int start, bool isValid)
    {
        using EgressRig rig = new();
        Assert.Equal(isValid, rig.Receive(new byte[70_000], Checksum(start, 0)));
    }

    [Theory]
    [InlineData(18, true)]
    [InlineData(17, false)]
    public void AndBehindTheTag(int start, bool isValid)
    {
        byte[] bytes = new byte[200];
        bytes[12] = 0x81;
        Assert.Equal(isValid, IsValid(bytes, Checksum(start, 0)));
    }

    [Theory]
    [InlineData(GsoType.TcpV4, true)]
    [InlineData(GsoType.TcpV6, true)]
    [InlineData(GsoType.UdpL4, true)]
    [InlineData(GsoType.TcpV4 | GsoType.EcnBit, true)]
    [InlineData(GsoType.Udp, false)]
    [InlineData(GsoType.EcnBit, false)]
    [InlineData((GsoType)2, false)]
    [InlineData((GsoType)6, false)]
    [InlineData((GsoType)0x7F, false)]
    public void OnlyGsoTypesThatAPortOffersAreKnown(GsoType gso, bool isValid) =>
        Assert.Equal(isValid, IsValid(Tcp(headerWords: 5), Checksum(34, 6) with { Gso = gso, SegmentBytes = 100 }));

    [Theory]
    [InlineData(34, 5, 1, true)]
    [InlineData(34, 15, 1, true)]
    [InlineData(34, 4, 1, false)]
    [InlineData(34, 5, 0, false)]
    [InlineData(80, 5, 1, true)]
    [InlineData(81, 5, 1, false)]
    [InlineData(80, 6, 1, false)]
    public void TheHeadersOfAGsoFrameLieInTheHead(int start, int headerWords, ushort segmentBytes, bool isValid)
    {
        byte[] bytes = new byte[200];
        bytes[start + 12] = (byte)(headerWords << 4);
        Assert.Equal(isValid, IsValid(bytes, Checksum(start, 16) with { Gso = GsoType.TcpV4, SegmentBytes = segmentBytes }));
    }

    [Fact]
    public void AGsoFrameWithoutPartialChecksumNeedsATransportHeader()
    {
        EgressPacket packet = new() { Payload = new byte[200] };
        Offload offload = new() { Gso = GsoType.TcpV4, SegmentBytes = 100 };
        Assert.True(IsValid(packet.ToBytes(isPartial: false), offload));
        Assert.False(IsValid(new byte[200], offload));
    }

    [Fact]
    public void WhatNoFlagRefersToIsIgnored() =>
        Assert.True(IsValid(new byte[200], new Offload { ChecksumStart = 0xFFFF, SegmentBytes = 9, HeaderBytes = 0xFFFF }));

    private static bool IsValid(byte[] bytes, Offload offload)
    {
        using EgressRig rig = new();
        return rig.Receive(bytes, offload, cuts: HeadBytes);
    }

    private static Offload Checksum(int start, int offset) => new()
    {
        Flags = OffloadFlags.NeedsChecksum,
        ChecksumStart = (ushort)start,
        ChecksumOffset = (ushort)offset,
    };

    private static byte[] Tcp(int headerWords)
    {
        byte[] bytes = new byte[200];
        bytes[34 + 12] = (byte)(headerWords << 4);
        return bytes;
    }
}

using VSwitch.Frames;

namespace VSwitch.Ports.Tests;

/// <summary>A GSO frame, how its bytes lie when it is received, and the tag it leaves with.</summary>
internal sealed record EgressCase(EgressPacket Packet, int SegmentBytes, int OutOfBandTci, int SentTci, int[] Cuts)
{
    private const int TcpPiecesMax = 256;

    /// <summary>UDP_MAX_SEGMENTS of linux/udp.h: the kernel neither makes nor takes more.</summary>
    private const int UdpPiecesMax = 128;

    public static EgressCase Random(int seed)
    {
        Random random = new(seed);
        EgressPacket packet = EgressPacket.Random(random, payloadBytesMax: 65_300);
        int segmentBytes = random.Next(4) == 0 ? random.Next(1, 200) : random.Next(200, 9000);
        int piecesMax = packet.IsUdp ? UdpPiecesMax : TcpPiecesMax;
        segmentBytes = Math.Max(segmentBytes, packet.Payload.Length / piecesMax + 1);
        bool isOutOfBand = packet.Tci == SendEntry.Untagged && random.Next(4) == 0;
        int outOfBandTci = isOutOfBand ? random.Next(0x10000) : SendEntry.Untagged;
        int sentTci = random.Next(3) switch
        {
            0 => SendEntry.Untagged,
            1 => packet.Tci,
            _ => random.Next(0x10000),
        };

        int cutCount = random.Next(4) == 0 ? random.Next(40) : random.Next(3);
        return new EgressCase(packet, segmentBytes, outOfBandTci, sentTci, packet.RandomCuts(random, cutCount));
    }

    /// <summary>What the receiver must get, in hexadecimal.</summary>
    public IEnumerable<string> Pieces(bool isPartial) =>
        Packet.Cut(SegmentBytes, SentTci).Select(piece => Convert.ToHexStringLower(piece.ToBytes(isPartial)));

    /// <summary>What the receiver gets.</summary>
    public List<SentFrame> Send(OffloadSet offloads)
    {
        using EgressRig rig = new();
        Assert.True(rig.Receive(Packet.ToBytes(isPartial: true), Packet.Gso(SegmentBytes), OutOfBandTci, Cuts));
        return rig.Send(SentTci, offloads);
    }
}

using VSwitch.Frames;
using VSwitch.Wire;

namespace VSwitch.Benchmarks;

/// <summary>TCP over IPv4 as a guest with offloads sends it.</summary>
internal static class TcpFrame
{
    public const int HeaderBytes = EthernetView.HeaderBytes + Ipv4Bytes + TcpView.HeaderBytesMin;

    private const int Ipv4Bytes = 20;
    private const int TcpChecksumOffset = 16;

    /// <summary>A frame of random payload whose TCP checksum is left to others.</summary>
    public static byte[] Make(int payloadBytes)
    {
        byte[] bytes = new byte[HeaderBytes + payloadBytes];
        new Random(1).NextBytes(bytes);
        EthernetView.Write(bytes, new MacAddress(0x0200_0000_000A), new MacAddress(0x0200_0000_000B), EtherType.Ipv4);

        Span<byte> packet = bytes.AsSpan(EthernetView.HeaderBytes);
        Ipv4Builder ip = Ipv4Builder.Create(packet);
        ip.TotalBytes = (ushort)packet.Length;
        ip.Protocol = IpProtocol.Tcp;
        ip.CompleteChecksum();

        TcpBuilder tcp = TcpBuilder.Create(packet[Ipv4Bytes..]);
        tcp.Flags = TcpFlags.Ack | TcpFlags.Psh;
        return bytes;
    }

    public static byte[] MakeTagged(int payloadBytes, ushort tci)
    {
        byte[] bytes = [.. new byte[VlanTag.Bytes], .. Make(payloadBytes)];
        VlanTag.Push(bytes, EtherType.CTag, new VlanTci(tci));
        return bytes;
    }

    public static Offload PartialChecksum => new()
    {
        Flags = OffloadFlags.NeedsChecksum,
        ChecksumStart = EthernetView.HeaderBytes + Ipv4Bytes,
        ChecksumOffset = TcpChecksumOffset,
    };

    public static Offload Gso(ushort segmentBytes) => PartialChecksum with { Gso = GsoType.TcpV4, SegmentBytes = segmentBytes };
}

using System.Buffers.Binary;
using VSwitch.Frames;
using VSwitch.Wire;

namespace VSwitch.Ports;

/// <summary>
/// A packet inside a tunnel, in a GSO frame that a tunnel's netdev made. The parser has found the outer packet, and the metadata
/// says where the inner transport header starts. The inner IP header ends there, so it is found from behind and the tunnel's
/// own header need not be understood: VXLAN, GENEVE and GRE, whatever their ports and options, repeat it in every piece.
/// What lies between the outer and the inner packet and counts bytes, such as another tunnel, is not known here and stays as it is;
/// Linux hands over no such GSO frame, because the netdevs of tunnels take none that is in a tunnel already.
/// </summary>
internal static class Tunnel
{
    private const int Ipv4HeaderBytesMax = 60;
    private const int UdpLengthOffset = 4;
    private const int UdpChecksumOffset = 6;
    private const int GreHeaderBytesMin = 4;
    private const int GreChecksumOffset = 4;
    private const int GreChecksumEnd = 8;

    /// <summary>The C bit in the first byte (RFC 2784 section 2.1): there is a checksum.</summary>
    private const byte GreChecksumBit = 0x80;

    /// <summary>Finds the packet that is to be cut.</summary>
    /// <returns>None for a tunnel whose outer headers are not known to be right in every piece.</returns>
    public static IpPacket FindInner(ref readonly Frame frame)
    {
        int l4Offset = OffloadRules.TransportOffset(in frame);
        int outerEnd = OuterEnd(in frame.Headers, frame.Head);
        int l3OffsetMin = Math.Max(outerEnd, l4Offset - Ipv4HeaderBytesMax);
        byte protocol = frame.Offload.GsoKind == GsoType.UdpL4 ? IpProtocol.Udp : IpProtocol.Tcp;
        for (int l3Offset = l4Offset - Ipv4View.HeaderBytesMin; outerEnd != 0 && l3Offset >= l3OffsetMin; l3Offset -= sizeof(uint))
        {
            int version = Version(frame.Head[l3Offset..l4Offset], protocol, frame.FrameBytes - l3Offset);
            if (version != 0)
                return new IpPacket(l3Offset, l4Offset, version, protocol);
        }
        return default;
    }

    /// <summary>Changes the headers around the inner packet of one piece.</summary>
    /// <param name="front">All bytes before the inner transport header; those of the inner packet have been changed.</param>
    /// <param name="outer">The packet around it.</param>
    /// <param name="piece">Its number.</param>
    /// <param name="frameBytes">Its length, with all headers.</param>
    /// <param name="innerPartial">The sum over the inner pseudo-header.</param>
    public static void ChangeHeaders(Span<byte> front, in IpPacket outer, int piece, int frameBytes, ushort innerPartial)
    {
        outer.ChangeHeader(front, piece, frameBytes);
        Span<byte> transport = front[outer.L4Offset..];
        if (outer.Protocol == IpProtocol.Udp)
        {
            int bytes = frameBytes - outer.L4Offset;
            BinaryPrimitives.WriteUInt16BigEndian(transport[UdpLengthOffset..], (ushort)bytes);
            if (BinaryPrimitives.ReadUInt16BigEndian(transport[UdpChecksumOffset..]) != 0)
                Finish(transport, UdpChecksumOffset, outer.SumPseudoHeader(front) + (uint)bytes, innerPartial);
        }
        else if (outer.Protocol == IpProtocol.Gre && (transport[0] & GreChecksumBit) != 0)
        {
            Finish(transport, GreChecksumOffset, sum: 0, innerPartial);
        }
    }

    /// <summary>
    /// Where the outer headers that are changed end: before the inner packet. 0 when others would have to be changed: a
    /// later fragment's, those of a protocol that is not listed, or GRE's with sequence numbers (RFC 2890).
    /// </summary>
    private static int OuterEnd(ref readonly FrameHeaders headers, ReadOnlySpan<byte> head)
    {
        const byte greSequenceBit = 0x10;
        int l4Offset = headers.L4Offset;
        return headers.Protocol switch
        {
            _ when l4Offset == 0 => 0,
            IpProtocol.Ipv4InIp or IpProtocol.Ipv6InIp => l4Offset,
            IpProtocol.Udp => l4Offset + UdpView.HeaderBytes,
            IpProtocol.Gre when l4Offset + GreHeaderBytesMin > head.Length || (head[l4Offset] & greSequenceBit) != 0 => 0,
            IpProtocol.Gre => l4Offset + ((head[l4Offset] & GreChecksumBit) != 0 ? GreChecksumEnd : GreHeaderBytesMin),
            _ => 0,
        };
    }

    /// <summary>
    /// 4 or 6 when the bytes are the IP header of a packet so long, else 0. IPv6 has no extension headers here: from behind, they
    /// cannot be told from payload.
    /// </summary>
    private static int Version(ReadOnlySpan<byte> header, byte protocol, int packetBytes)
    {
        if (header[0] == (0x40 | header.Length / sizeof(uint)))
            return header[9] == protocol && BinaryPrimitives.ReadUInt16BigEndian(header[2..]) == packetBytes ? 4 : 0;
        return header.Length == Ipv6View.HeaderBytes
            && header[0] >> 4 == 6
            && header[6] == protocol
            && BinaryPrimitives.ReadUInt16BigEndian(header[4..]) == packetBytes - Ipv6View.HeaderBytes ? 6 : 0;
    }

    /// <summary>
    /// Finishes a checksum that covers the inner packet without reading its payload: from the inner transport header on,
    /// everything adds up to the complement of what its checksum field holds until it is finished ("local checksum offload",
    /// Documentation/networking/checksum-offloads.rst of Linux).
    /// </summary>
    /// <param name="covered">What it covers up to the inner transport header.</param>
    /// <param name="field">Where it goes.</param>
    /// <param name="sum">What it covers besides.</param>
    /// <param name="innerPartial">The sum over the inner pseudo-header.</param>
    private static void Finish(Span<byte> covered, int field, uint sum, ushort innerPartial)
    {
        covered.Slice(field, sizeof(ushort)).Clear();
        ushort checksum = Checksum.Complete(Checksum.Sum(covered, sum) + (ushort)~innerPartial);
        // Zero would say that UDP has no checksum (RFC 768).
        BinaryPrimitives.WriteUInt16BigEndian(covered[field..], checksum == 0 ? ushort.MaxValue : checksum);
    }
}

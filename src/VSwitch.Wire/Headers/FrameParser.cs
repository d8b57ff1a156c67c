using System.Buffers.Binary;

namespace VSwitch.Wire;

/// <summary>
/// Data path. Finds in one pass everything that the stages ask about a frame, so that bytes are parsed once and stages read
/// <see cref="FrameHeaders"/>. Guests write these bytes: nothing here throws, allocates or trusts a length. Each header
/// is sliced to its fixed size once, which is the one bounds check that makes the reads from it free.
/// </summary>
public static class FrameParser
{
    private const int SctpHeaderBytes = 12;
    private const int TagCountMax = 4;

    /// <summary>Parses a frame that is here as a whole.</summary>
    public static bool TryParse(ReadOnlySpan<byte> frame, out FrameHeaders headers) =>
        TryParse(frame, frame.Length, out headers);

    /// <summary>Parses the head of a frame. False only for a runt, shorter than an Ethernet header.</summary>
    /// <param name="head">
    /// The first bytes of the frame. Headers that lie beyond it count as cut short: 256 bytes hold any usual ones.
    /// </param>
    /// <param name="frameBytes">The length of the whole frame, which lengths inside IP headers are checked against.</param>
    /// <param name="headers">What was found; all zero for a runt.</param>
    public static bool TryParse(ReadOnlySpan<byte> head, int frameBytes, out FrameHeaders headers)
    {
        headers = default;
        if (head.Length < EthernetView.HeaderBytes)
            return false;

        ReadOnlySpan<byte> ethernet = head[..EthernetView.HeaderBytes];
        ulong sourceAndType = BinaryPrimitives.ReadUInt64BigEndian(ethernet[6..]);
        headers.DestinationMac = BinaryPrimitives.ReadUInt64BigEndian(ethernet) >> 16;
        headers.SourceMac = sourceAndType >> 16;

        ushort etherType = (ushort)sourceAndType;
        int l3Offset = EthernetView.HeaderBytes;
        if (etherType is EtherType.CTag or EtherType.STag)
            ParseTags(head, ref etherType, ref l3Offset, ref headers);
        headers.EtherType = etherType;
        headers.L3Offset = (ushort)l3Offset;

        bool isIp = etherType switch
        {
            EtherType.Ipv4 => TryParseIpv4(head, frameBytes, l3Offset, ref headers),
            EtherType.Ipv6 => TryParseIpv6(head, frameBytes, l3Offset, ref headers),
            _ => false,
        };
        if (!isIp)
            headers.FlowHash = FlowHash.OfEthernet(headers.DestinationMac, headers.SourceMac, etherType);
        return true;
    }

    /// <summary>
    /// IEEE 802.1Q clause 9.6. A C-tag that comes first says the frame's VLAN. S-tags and whatever follows belong to the payload;
    /// they are passed over because the receiver's kernel does the same, and what it takes for IP has to be IP here.
    /// </summary>
    private static void ParseTags(ReadOnlySpan<byte> head, ref ushort etherType, ref int l3Offset, ref FrameHeaders headers)
    {
        for (int count = 0; etherType is EtherType.CTag or EtherType.STag; count++)
        {
            if (head.Length < l3Offset + VlanTag.Bytes || count == TagCountMax)
            {
                headers.Flags |= ParseFlags.TagMalformed;
                return;
            }

            ReadOnlySpan<byte> tag = head.Slice(l3Offset, VlanTag.Bytes);
            if (count == 0 && etherType == EtherType.CTag)
            {
                headers.Tci = BinaryPrimitives.ReadUInt16BigEndian(tag);
                headers.Flags = ParseFlags.Tagged;
            }
            else
            {
                headers.Flags |= ParseFlags.InnerTagged;
            }

            etherType = BinaryPrimitives.ReadUInt16BigEndian(tag[2..]);
            l3Offset += VlanTag.Bytes;
        }
    }

    /// <summary>RFC 791 section 3.1.</summary>
    private static bool TryParseIpv4(ReadOnlySpan<byte> head, int frameBytes, int l3Offset, ref FrameHeaders headers)
    {
        if (head.Length < l3Offset + Ipv4View.HeaderBytesMin)
            return Malformed(ParseFlags.Ipv4Malformed, ref headers);

        ReadOnlySpan<byte> ip = head.Slice(l3Offset, Ipv4View.HeaderBytesMin);
        int headerBytes = (ip[0] & 0xF) * 4;
        int l4Offset = l3Offset + headerBytes;
        int l4Bytes = BinaryPrimitives.ReadUInt16BigEndian(ip[2..]) - headerBytes;
        if (ip[0] >> 4 != 4
            || headerBytes < Ipv4View.HeaderBytesMin
            || l4Offset > head.Length
            || l4Bytes < 0
            || l4Offset + l4Bytes > frameBytes)
            return Malformed(ParseFlags.Ipv4Malformed, ref headers);

        headers.IpVersion = 4;
        headers.TrafficClass = ip[1];
        headers.Protocol = ip[9];
        headers.Ipv4Source = BinaryPrimitives.ReadUInt32BigEndian(ip[12..]);
        headers.Ipv4Destination = BinaryPrimitives.ReadUInt32BigEndian(ip[16..]);

        ushort fragment = BinaryPrimitives.ReadUInt16BigEndian(ip[6..]);
        if ((fragment & Ipv4View.MoreFragmentsBit) != 0)
            headers.Flags |= ParseFlags.FirstFragment;
        if ((fragment & Ipv4View.FragmentOffsetBits) != 0)
            headers.Flags = (headers.Flags & ~ParseFlags.FirstFragment) | ParseFlags.LaterFragment;

        uint ports = ParseL4(head, l4Offset, l4Bytes, ref headers);
        headers.FlowHash = FlowHash.OfIpv4(headers.Ipv4Source, headers.Ipv4Destination, headers.Protocol, ports);
        return true;
    }

    /// <summary>RFC 8200 sections 3 and 4.</summary>
    private static bool TryParseIpv6(ReadOnlySpan<byte> head, int frameBytes, int l3Offset, ref FrameHeaders headers)
    {
        if (head.Length < l3Offset + Ipv6View.HeaderBytes)
            return Malformed(ParseFlags.Ipv6Malformed, ref headers);

        ReadOnlySpan<byte> ip = head.Slice(l3Offset, Ipv6View.HeaderBytes);
        int payloadOffset = l3Offset + Ipv6View.HeaderBytes;
        int payloadBytes = BinaryPrimitives.ReadUInt16BigEndian(ip[4..]);
        if (ip[0] >> 4 != 6 || payloadOffset + payloadBytes > frameBytes)
            return Malformed(ParseFlags.Ipv6Malformed, ref headers);

        ReadOnlySpan<byte> payload = head.Slice(payloadOffset, Math.Min(payloadBytes, head.Length - payloadOffset));
        if (!Ipv6UpperLayer.TryFind(payload, nextHeader: ip[6], out Ipv6UpperLayer upper))
            return Malformed(ParseFlags.Ipv6Malformed, ref headers);

        headers.IpVersion = 6;
        headers.TrafficClass = (byte)(BinaryPrimitives.ReadUInt16BigEndian(ip) >> 4);
        headers.Protocol = upper.Protocol;
        if (upper.IsFragment)
            headers.Flags |= upper.FragmentOffset == 0 ? ParseFlags.FirstFragment : ParseFlags.LaterFragment;

        uint ports = ParseL4(head, payloadOffset + upper.Offset, payloadBytes - upper.Offset, ref headers);
        headers.FlowHash = FlowHash.OfIpv6(ip[8..], headers.Protocol, ports);
        return true;
    }

    /// <summary>
    /// Returns the ports for the flow hash, source above destination; zero for fragments and where there are none.
    /// </summary>
    private static uint ParseL4(ReadOnlySpan<byte> head, int l4Offset, int l4Bytes, ref FrameHeaders headers)
    {
        if (headers.Has(ParseFlags.LaterFragment))
            return 0;

        ReadOnlySpan<byte> l4 = head.Slice(l4Offset, Math.Min(l4Bytes, head.Length - l4Offset));
        bool isWellFormed = headers.Protocol switch
        {
            IpProtocol.Tcp => TryParseTcp(l4, l4Bytes, ref headers),
            IpProtocol.Udp => TryParseUdp(l4, l4Bytes, ref headers),
            IpProtocol.Icmp or IpProtocol.Icmpv6 => TryParseIcmp(l4, ref headers),
            IpProtocol.Sctp => TryParseSctp(l4, ref headers),
            _ => true,
        };
        if (!isWellFormed)
        {
            headers.Flags |= ParseFlags.L4Malformed;
            return 0;
        }

        headers.L4Offset = (ushort)l4Offset;
        return headers.Has(ParseFlags.FirstFragment) ? 0 : ((uint)headers.SourcePort << 16) | headers.DestinationPort;
    }

    /// <summary>
    /// RFC 9293 section 3.1. A first fragment too small for the whole header is an attack (RFC 1858), so malformed too.
    /// </summary>
    private static bool TryParseTcp(ReadOnlySpan<byte> l4, int l4Bytes, ref FrameHeaders headers)
    {
        if (l4.Length < TcpView.HeaderBytesMin)
            return false;

        ReadOnlySpan<byte> tcp = l4[..TcpView.HeaderBytesMin];
        int headerBytes = (tcp[12] >> 4) * 4;
        if (headerBytes < TcpView.HeaderBytesMin || headerBytes > l4Bytes)
            return false;

        ReadPorts(tcp, ref headers);
        headers.TcpFlags = (TcpFlags)tcp[13];
        return true;
    }

    /// <summary>RFC 768. The length of a fragmented datagram is right to exceed its first fragment.</summary>
    private static bool TryParseUdp(ReadOnlySpan<byte> l4, int l4Bytes, ref FrameHeaders headers)
    {
        if (l4.Length < UdpView.HeaderBytes)
            return false;

        ReadOnlySpan<byte> udp = l4[..UdpView.HeaderBytes];
        int datagramBytes = BinaryPrimitives.ReadUInt16BigEndian(udp[4..]);
        if (datagramBytes < UdpView.HeaderBytes || (datagramBytes > l4Bytes && !headers.Has(ParseFlags.FirstFragment)))
            return false;

        ReadPorts(udp, ref headers);
        return true;
    }

    /// <summary>RFC 9260 section 3.1: the common header is 12 bytes and starts with the ports.</summary>
    private static bool TryParseSctp(ReadOnlySpan<byte> l4, ref FrameHeaders headers)
    {
        if (l4.Length < SctpHeaderBytes)
            return false;

        ReadPorts(l4[..SctpHeaderBytes], ref headers);
        return true;
    }

    /// <summary>RFC 792 and RFC 4443 section 2.1: type and code come first in both.</summary>
    private static bool TryParseIcmp(ReadOnlySpan<byte> l4, ref FrameHeaders headers)
    {
        if (l4.Length < IcmpView.HeaderBytes)
            return false;

        headers.IcmpType = l4[0];
        headers.IcmpCode = l4[1];
        return true;
    }

    private static void ReadPorts(ReadOnlySpan<byte> l4, ref FrameHeaders headers)
    {
        headers.SourcePort = BinaryPrimitives.ReadUInt16BigEndian(l4);
        headers.DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(l4[2..]);
    }

    private static bool Malformed(ParseFlags flag, ref FrameHeaders headers)
    {
        headers.Flags |= flag;
        return false;
    }
}

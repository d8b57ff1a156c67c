using System.Buffers.Binary;
using VSwitch.Wire;

namespace VSwitch.Fuzz.Targets;

/// <summary>
/// Does what <see cref="FrameParser"/> does to whole frames, written for obviousness on top of the views. It leaves
/// the flow hash at zero.
/// </summary>
internal static class ViewParser
{
    public static bool TryParse(ReadOnlySpan<byte> frame, out FrameHeaders headers)
    {
        headers = default;
        if (!EthernetView.TryParse(frame, out EthernetView ethernet))
            return false;

        headers.DestinationMac = ethernet.Destination.Value;
        headers.SourceMac = ethernet.Source.Value;
        headers.EtherType = ethernet.EtherType;
        headers.L3Offset = EthernetView.HeaderBytes;
        ReadOnlySpan<byte> payload = ethernet.Payload;
        for (int tags = 0; headers.EtherType is EtherType.CTag or EtherType.STag; tags++)
        {
            if (tags == 4 || !VlanTagView.TryParse(payload, out VlanTagView tag))
            {
                headers.Flags |= ParseFlags.TagMalformed;
                break;
            }

            bool isOuter = tags == 0 && headers.EtherType == EtherType.CTag;
            headers.Flags |= isOuter ? ParseFlags.Tagged : ParseFlags.InnerTagged;
            headers.Tci = isOuter ? tag.Tci.Value : headers.Tci;
            headers.EtherType = tag.EtherType;
            headers.L3Offset += VlanTagView.HeaderBytes;
            payload = tag.Payload;
        }

        if (headers.EtherType == EtherType.Ipv4)
            AddIpv4(frame[headers.L3Offset..], ref headers);
        else if (headers.EtherType == EtherType.Ipv6)
            AddIpv6(frame[headers.L3Offset..], ref headers);
        return true;
    }

    private static void AddIpv4(ReadOnlySpan<byte> packet, ref FrameHeaders headers)
    {
        if (!Ipv4View.TryParse(packet, out Ipv4View ip))
        {
            headers.Flags |= ParseFlags.Ipv4Malformed;
            return;
        }

        headers.IpVersion = 4;
        headers.TrafficClass = ip.TrafficClass;
        headers.Protocol = ip.Protocol;
        headers.Ipv4Source = ip.Source.Value;
        headers.Ipv4Destination = ip.Destination.Value;
        AddPayload(ip.Payload, headers.L3Offset + ip.HeaderBytes, ip.FragmentOffset, ip.IsFragment, ref headers);
    }

    private static void AddIpv6(ReadOnlySpan<byte> packet, ref FrameHeaders headers)
    {
        if (!Ipv6View.TryParse(packet, out Ipv6View ip))
        {
            headers.Flags |= ParseFlags.Ipv6Malformed;
            return;
        }

        headers.IpVersion = 6;
        headers.TrafficClass = ip.TrafficClass;
        headers.Protocol = ip.UpperLayer.Protocol;
        int offset = headers.L3Offset + Ipv6View.HeaderBytes + ip.UpperLayer.Offset;
        AddPayload(ip.UpperPayload, offset, ip.UpperLayer.FragmentOffset, ip.UpperLayer.IsFragment, ref headers);
    }

    private static void AddPayload(
        ReadOnlySpan<byte> payload,
        int offset,
        int fragmentOffset,
        bool isFragment,
        ref FrameHeaders headers)
    {
        if (fragmentOffset != 0)
        {
            headers.Flags |= ParseFlags.LaterFragment;
            return;
        }

        if (isFragment)
            headers.Flags |= ParseFlags.FirstFragment;

        if (TryAddL4(payload, isFragment, ref headers))
            headers.L4Offset = (ushort)offset;
        else
            headers.Flags |= ParseFlags.L4Malformed;
    }

    private static bool TryAddL4(ReadOnlySpan<byte> payload, bool isFragment, ref FrameHeaders headers)
    {
        switch (headers.Protocol)
        {
            case IpProtocol.Tcp:
                if (!TcpView.TryParse(payload, out TcpView tcp))
                    return false;
                headers.TcpFlags = tcp.Flags;
                AddPorts(payload, ref headers);
                return true;

            case IpProtocol.Udp:
                if (!UdpView.TryParse(payload, out _) && !(isFragment && IsUdpStart(payload)))
                    return false;
                AddPorts(payload, ref headers);
                return true;

            case IpProtocol.Sctp:
                if (payload.Length < 12)
                    return false;
                AddPorts(payload, ref headers);
                return true;

            case IpProtocol.Icmp or IpProtocol.Icmpv6:
                if (!IcmpView.TryParse(payload, out IcmpView icmp))
                    return false;
                (headers.IcmpType, headers.IcmpCode) = (icmp.Type, icmp.Code);
                return true;

            default:
                return true;
        }
    }

    private static bool IsUdpStart(ReadOnlySpan<byte> payload) =>
        payload.Length >= UdpView.HeaderBytes && BinaryPrimitives.ReadUInt16BigEndian(payload[4..]) >= UdpView.HeaderBytes;

    private static void AddPorts(ReadOnlySpan<byte> payload, ref FrameHeaders headers)
    {
        headers.SourcePort = BinaryPrimitives.ReadUInt16BigEndian(payload);
        headers.DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(payload[2..]);
    }
}

using System.Runtime.InteropServices;

namespace VSwitch.Wire;

/// <summary>
/// What one pass over the head of a frame found: blittable, 48 bytes, part of every frame descriptor. Numbers are in
/// host order. A field whose header is absent or malformed is zero, and <see cref="Flags"/> says which of the two.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct FrameHeaders
{
    /// <summary>The destination address as <see cref="MacAddress.Value"/>.</summary>
    public ulong DestinationMac;

    /// <summary>The source address as <see cref="MacAddress.Value"/>.</summary>
    public ulong SourceMac;

    /// <summary>The source address as <see cref="Ipv4Address.Value"/>; zero unless <see cref="IpVersion"/> is 4.</summary>
    public uint Ipv4Source;

    /// <summary>The destination address as <see cref="Ipv4Address.Value"/>; zero unless <see cref="IpVersion"/> is 4.</summary>
    public uint Ipv4Destination;

    /// <summary>
    /// Spreads flows over links and buckets: over addresses, protocol and ports; without the ports for every fragment, so
    /// that a datagram's fragments stay together; over MAC addresses and type where there is no IP. The two directions of
    /// a connection hash differently.
    /// </summary>
    public uint FlowHash;

    /// <summary>
    /// The type after the C-tag if there is one; up to <see cref="Wire.EtherType.LengthMax"/> it is an LLC length.
    /// </summary>
    public ushort EtherType;

    /// <summary>The tag control information; meaningful with <see cref="ParseFlags.Tagged"/>.</summary>
    public ushort Tci;

    /// <summary>Where the payload of Ethernet starts, whatever it is: 14 or 18 bytes into the frame.</summary>
    public ushort L3Offset;

    /// <summary>
    /// Where the payload of IP starts, in bytes into the frame. Not zero means that the fixed header of TCP, UDP,
    /// SCTP, ICMP or ICMPv6, whichever <see cref="Protocol"/> names, is within the parsed bytes.
    /// </summary>
    public ushort L4Offset;

    /// <summary>Of TCP, UDP or SCTP.</summary>
    public ushort SourcePort;

    /// <summary>Of TCP, UDP or SCTP.</summary>
    public ushort DestinationPort;

    public ParseFlags Flags;

    /// <summary>4, 6, or 0 for anything else.</summary>
    public byte IpVersion;

    /// <summary>The IPv4 protocol, or the IPv6 next header after the extension headers: see <see cref="IpProtocol"/>.</summary>
    public byte Protocol;

    /// <summary>The IPv4 type of service or IPv6 traffic class: DSCP in the upper six bits, ECN in the lower two.</summary>
    public byte TrafficClass;

    public TcpFlags TcpFlags;

    /// <summary>Of ICMP or ICMPv6.</summary>
    public byte IcmpType;

    /// <summary>Of ICMP or ICMPv6.</summary>
    public byte IcmpCode;

    /// <summary>The VLAN id of the tag: 0 for an untagged frame and for a priority tag.</summary>
    public readonly int VlanId => Tci & 0xFFF;

    /// <summary>The priority code point of the tag, 0 to 7.</summary>
    public readonly int Pcp => Tci >> 13;

    /// <summary>The differentiated services code point, 0 to 63.</summary>
    public readonly int Dscp => TrafficClass >> 2;

    public readonly bool Has(ParseFlags any) => (Flags & any) != ParseFlags.None;
}

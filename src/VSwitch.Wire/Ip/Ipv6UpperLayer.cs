using System.Buffers.Binary;

namespace VSwitch.Wire;

/// <summary>
/// Where the extension headers of an IPv6 packet end (RFC 8200 section 4) and what comes after them. For a fragment with a
/// non-zero offset the walk stops at the fragment header: what follows is the middle of something, not a header.
/// </summary>
/// <param name="Protocol">The next header that is no extension header; that of the fragment header for a later fragment.</param>
/// <param name="Offset">Where it starts, in bytes from the end of the fixed header.</param>
/// <param name="FragmentOffset">In units of eight bytes; zero for a first fragment and for a whole packet.</param>
/// <param name="MoreFragments">The M bit; an "atomic" fragment (offset zero, M clear, RFC 6946) counts as a whole packet.</param>
public readonly record struct Ipv6UpperLayer(byte Protocol, int Offset, ushort FragmentOffset, bool MoreFragments)
{
    /// <summary>
    /// RFC 8200 wants each header once and destination options twice; more than this many is an attack on whoever walks them.
    /// </summary>
    public const int ExtensionCountMax = 8;

    public bool IsFragment => MoreFragments || FragmentOffset != 0;

    /// <summary>
    /// Walks from the end of the fixed header. False when a header is cut short or there are more than
    /// <see cref="ExtensionCountMax"/>. ESP and "no next header" end the walk like any protocol.
    /// </summary>
    public static bool TryFind(ReadOnlySpan<byte> payload, byte nextHeader, out Ipv6UpperLayer upper)
    {
        upper = new Ipv6UpperLayer(nextHeader, Offset: 0, FragmentOffset: 0, MoreFragments: false);
        for (int count = 0; IsExtension(upper.Protocol); count++)
        {
            ReadOnlySpan<byte> rest = payload[upper.Offset..];
            if (count == ExtensionCountMax || rest.Length < 8)
                return false;

            int bytes = upper.Protocol switch
            {
                IpProtocol.Ipv6Fragment => 8,
                IpProtocol.AuthenticationHeader => (rest[1] + 2) * 4,
                _ => (rest[1] + 1) * 8,
            };
            if (bytes > rest.Length)
                return false;

            if (upper.Protocol == IpProtocol.Ipv6Fragment)
            {
                // A second fragment header, which no honest sender writes, must not make the first one look whole.
                ushort field = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
                bool moreFragments = upper.MoreFragments || (field & 1) != 0;
                upper = upper with { FragmentOffset = (ushort)(field >> 3), MoreFragments = moreFragments };
            }

            upper = upper with { Protocol = rest[0], Offset = upper.Offset + bytes };
            if (upper.FragmentOffset != 0)
                return true;
        }

        return true;
    }

    private static bool IsExtension(byte nextHeader) => nextHeader is IpProtocol.HopByHopOptions
        or IpProtocol.Ipv6Routing
        or IpProtocol.Ipv6Fragment
        or IpProtocol.AuthenticationHeader
        or IpProtocol.Ipv6DestinationOptions;
}

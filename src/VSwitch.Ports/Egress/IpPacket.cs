using System.Buffers.Binary;
using VSwitch.Wire;

namespace VSwitch.Ports;

/// <summary>An IP packet in a frame that is cut: where its headers lie, and what differs in them from piece to piece.</summary>
/// <param name="L3Offset">Where its header starts, in bytes into the frame.</param>
/// <param name="L4Offset">Where its payload starts, in bytes into the frame.</param>
/// <param name="IpVersion">4 or 6; 0 for no packet.</param>
/// <param name="Protocol">What its payload is, after the extension headers.</param>
internal readonly record struct IpPacket(int L3Offset, int L4Offset, int IpVersion, byte Protocol)
{
    /// <summary>The packet that the parser found.</summary>
    public static IpPacket Of(in FrameHeaders headers) => new(headers.L3Offset, headers.L4Offset, headers.IpVersion, headers.Protocol);

    /// <summary>The same packet behind a tag more or less.</summary>
    public IpPacket Move(int bytes) => this with { L3Offset = L3Offset + bytes, L4Offset = L4Offset + bytes };

    /// <summary>The sum over the addresses and the protocol of the pseudo-header; its length is missing.</summary>
    public uint SumPseudoHeader(ReadOnlySpan<byte> front)
    {
        ReadOnlySpan<byte> network = front[L3Offset..L4Offset];
        ReadOnlySpan<byte> addresses = IpVersion == 4 ? network[12..20] : network[8..40];
        return Checksum.Sum(addresses, partial: Protocol);
    }

    /// <summary>Changes the IPv4 header (RFC 791 section 3.1) or the IPv6 header (RFC 8200 section 3) of one piece.</summary>
    /// <param name="front">The headers of the piece.</param>
    /// <param name="piece">Its number.</param>
    /// <param name="frameBytes">Its length, with all headers.</param>
    public void ChangeHeader(Span<byte> front, int piece, int frameBytes)
    {
        Span<byte> network = front[L3Offset..L4Offset];
        int bytes = frameBytes - L3Offset;
        if (IpVersion == 6)
        {
            BinaryPrimitives.WriteUInt16BigEndian(network[4..], (ushort)(bytes - Ipv6View.HeaderBytes));
            return;
        }

        int identification = BinaryPrimitives.ReadUInt16BigEndian(network[4..]) + piece;
        BinaryPrimitives.WriteUInt16BigEndian(network[2..], (ushort)bytes);
        BinaryPrimitives.WriteUInt16BigEndian(network[4..], (ushort)identification);
        BinaryPrimitives.WriteUInt16BigEndian(network[10..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(network[10..], Checksum.Complete(Checksum.Sum(network)));
    }
}

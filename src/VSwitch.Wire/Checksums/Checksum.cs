using System.Buffers.Binary;

namespace VSwitch.Wire;

/// <summary>
/// The Internet checksum (RFC 1071): the ones' complement of the ones' complement sum of big-endian 16-bit words. A sum
/// travels as a <c>uint</c> that is not yet folded to 16 bits, so that pieces add up: <c>Complete(Sum(payload,
/// PseudoHeader(...)))</c>. Every piece but the last must have an even number of bytes; an odd last byte counts as
/// the high half of a word.
/// </summary>
public static partial class Checksum
{
    /// <summary>
    /// The sum of <paramref name="bytes"/> and <paramref name="partial"/>, one word at a time: the reference for
    /// <see cref="Sum"/>.
    /// </summary>
    public static uint SumPlain(ReadOnlySpan<byte> bytes, uint partial = 0)
    {
        ulong sum = partial;
        for (; bytes.Length >= 2; bytes = bytes[2..])
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        if (bytes.Length == 1)
            sum += (uint)bytes[0] << 8;
        return FoldTo32(sum);
    }

    /// <summary>Folds a sum to 16 bits by adding the carries back in. Not complemented: see <see cref="Complete"/>.</summary>
    public static ushort Fold(uint sum)
    {
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)((sum & 0xFFFF) + (sum >> 16));
    }

    /// <summary>The value for the checksum field: the complement of the folded sum.</summary>
    public static ushort Complete(uint sum) => (ushort)~Fold(sum);

    /// <summary>True for the sum over data that includes a right checksum field: it folds to all ones.</summary>
    public static bool IsValid(uint sum) => Fold(sum) == 0xFFFF;

    /// <summary>
    /// The IPv4 pseudo-header (RFC 9293 section 3.1, RFC 768): addresses in host order, length of the L4 header and data.
    /// </summary>
    public static uint PseudoHeader(uint source, uint destination, byte protocol, int l4Bytes) =>
        FoldTo32((ulong)SumWords(source) + SumWords(destination) + protocol + (uint)l4Bytes);

    /// <summary>
    /// The IPv6 pseudo-header (RFC 8200 section 8.1): addresses in host order, length of the L4 header and data.
    /// </summary>
    public static uint PseudoHeader(UInt128 source, UInt128 destination, byte protocol, int l4Bytes) =>
        FoldTo32((ulong)SumWords(source) + SumWords(destination) + protocol + SumWords((uint)l4Bytes));

    /// <summary>
    /// The checksum field after one 16-bit word that it covers changed (RFC 1624 equation 3). For a changed byte, give the
    /// word it lives in.
    /// </summary>
    public static ushort Update(ushort checksum, ushort before, ushort after) =>
        Complete((uint)(ushort)~checksum + (ushort)~before + after);

    /// <summary>The checksum field after one aligned 32-bit word that it covers changed, such as an IPv4 address.</summary>
    public static ushort Update(ushort checksum, uint before, uint after) =>
        Complete((ushort)~checksum + SumWords(~before) + SumWords(after));

    private static uint SumWords(uint value) => (value >> 16) + (value & 0xFFFF);

    private static uint SumWords(UInt128 value) =>
        SumWords((uint)(value >> 96)) + SumWords((uint)(value >> 64)) + SumWords((uint)(value >> 32)) + SumWords((uint)value);

    /// <summary>
    /// Adds the carries above bit 31 back in; 2^32 and 2^16 are both 1 modulo 2^16 - 1, so the sum keeps its meaning.
    /// </summary>
    private static uint FoldTo32(ulong sum)
    {
        sum = (sum & 0xFFFF_FFFF) + (sum >> 32);
        return (uint)((sum & 0xFFFF_FFFF) + (sum >> 32));
    }
}

using System.Buffers.Binary;
using System.Numerics;
using VSwitch.Frames;
using VSwitch.Wire;

namespace VSwitch.Ports;

/// <summary>
/// Finishes the checksum of a wire frame: the sender left the sum over the pseudo-header in the field, what is missing is
/// the sum over everything from the transport header to the end of the frame. Its first segment after the virtio_net_hdr is the
/// front, a copy that reaches beyond the field; the others are received bytes.
/// </summary>
internal static class SoftwareChecksum
{
    private const int SctpChecksumOffset = 8;
    private const int SctpHeaderBytes = 12;

    /// <summary>
    /// Whether the field is SCTP's, which the kernel passes on as it does the others although it means a CRC32c of four bytes.
    /// </summary>
    public static bool IsSctp(ref readonly Frame frame) =>
        frame.Headers.Protocol == IpProtocol.Sctp
        && frame.Offload.ChecksumStart == frame.Headers.L4Offset
        && frame.Offload.ChecksumOffset == SctpChecksumOffset;

    /// <summary>Bytes at the start of the frame that have to be copied in order to finish its checksum.</summary>
    public static int FrontBytes(ref readonly Frame frame) =>
        frame.Offload.ChecksumStart + (IsSctp(in frame) ? SctpHeaderBytes : frame.Offload.ChecksumOffset + sizeof(ushort));

    /// <summary>The Internet checksum (RFC 1071).</summary>
    /// <param name="wire">The wire frame, complete but for this.</param>
    /// <param name="front">The bytes of its front.</param>
    /// <param name="start">Where summing starts, in bytes into the front.</param>
    /// <param name="field">Where the result goes, in bytes into the front.</param>
    public static void Finish(ref readonly WireFrame wire, Span<byte> front, int start, int field)
    {
        uint sum = Checksum.Sum(front[start..]);
        bool isOdd = (front.Length - start) % 2 != 0;
        foreach (ref readonly Segment segment in wire.FrameSegments[1..])
        {
            // Bytes that start in the middle of a word have their halves the other way round (RFC 1071 section 2(B)).
            ushort part = Checksum.Fold(Checksum.Sum(segment.Span));
            sum = Checksum.Fold(sum) + (uint)(isOdd ? BinaryPrimitives.ReverseEndianness(part) : part);
            isOdd ^= segment.Bytes % 2 != 0;
        }

        // Zero would say that UDP has no checksum (RFC 768); its other form in ones' complement is right for all.
        ushort checksum = Checksum.Complete(sum);
        BinaryPrimitives.WriteUInt16BigEndian(front[field..], checksum == 0 ? ushort.MaxValue : checksum);
    }

    /// <summary>The CRC32c of SCTP (RFC 9260 appendix A), computed over the packet with a field of zero.</summary>
    public static void FinishSctp(ref readonly WireFrame wire, Span<byte> front, int start)
    {
        Span<byte> field = front.Slice(start + SctpChecksumOffset, sizeof(uint));
        field.Clear();

        uint crc = Crc32C(uint.MaxValue, front[start..]);
        foreach (ref readonly Segment segment in wire.FrameSegments[1..])
            crc = Crc32C(crc, segment.Span);
        BinaryPrimitives.WriteUInt32LittleEndian(field, ~crc);
    }

    private static uint Crc32C(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return crc;
    }
}

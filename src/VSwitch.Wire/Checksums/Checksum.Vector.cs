using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VSwitch.Wire;

/// <summary>
/// The fast sum. The ones' complement sum of byte-swapped words is the byte-swapped sum (RFC 1071 section 2(B)), so the
/// loops add words in the machine's own order and the result is swapped once at the end. The loops are internal so that tests
/// reach each of them on every machine.
/// </summary>
public static partial class Checksum
{
    /// <summary>Below this, setting up lanes and adding them together costs more than they save.</summary>
    private const int VectorBytesMin = 128;

    /// <summary>Each vector adds two 16-bit words to a 32-bit lane, and 2 x 0xFFFF x 32768 is still below 2^32.</summary>
    private const int VectorCountMax = 32768;

    /// <summary>
    /// The sum of <paramref name="bytes"/> and <paramref name="partial"/>; folds to the same value as <see cref="SumPlain"/>.
    /// </summary>
    public static uint Sum(ReadOnlySpan<byte> bytes, uint partial = 0)
    {
        int vectorBytes = 0;
        ulong sum = 0;
        if (bytes.Length >= VectorBytesMin && Vector512.IsHardwareAccelerated)
        {
            vectorBytes = bytes.Length & -Vector512<byte>.Count;
            sum = SumVector512(bytes[..vectorBytes]);
        }
        else if (bytes.Length >= VectorBytesMin && Vector256.IsHardwareAccelerated)
        {
            vectorBytes = bytes.Length & -Vector256<byte>.Count;
            sum = SumVector256(bytes[..vectorBytes]);
        }

        return FoldNative(sum + SumScalar(bytes[vectorBytes..]), partial);
    }

    /// <summary>Turns a sum of words in the machine's order into one of big-endian words and adds the partial sum.</summary>
    internal static uint FoldNative(ulong sum, uint partial)
    {
        ushort folded = Fold(FoldTo32(sum));
        return FoldTo32((ulong)partial + (BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(folded) : folded));
    }

    /// <summary>Sums a whole number of vectors; bytes beyond them are left out.</summary>
    internal static ulong SumVector512(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<Vector512<uint>> vectors = MemoryMarshal.Cast<byte, Vector512<uint>>(bytes);
        ulong sum = 0;
        while (!vectors.IsEmpty)
        {
            ReadOnlySpan<Vector512<uint>> run = vectors[..Math.Min(vectors.Length, VectorCountMax)];
            vectors = vectors[run.Length..];
            Vector512<uint> lanes = default;
            foreach (Vector512<uint> vector in run)
                lanes += (vector & Vector512.Create(0xFFFFu)) + (vector >>> 16);
            (Vector512<ulong> lower, Vector512<ulong> upper) = Vector512.Widen(lanes);
            sum += Vector512.Sum(lower + upper);
        }

        return sum;
    }

    /// <inheritdoc cref="SumVector512"/>
    internal static ulong SumVector256(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<Vector256<uint>> vectors = MemoryMarshal.Cast<byte, Vector256<uint>>(bytes);
        ulong sum = 0;
        while (!vectors.IsEmpty)
        {
            ReadOnlySpan<Vector256<uint>> run = vectors[..Math.Min(vectors.Length, VectorCountMax)];
            vectors = vectors[run.Length..];
            Vector256<uint> lanes = default;
            foreach (Vector256<uint> vector in run)
                lanes += (vector & Vector256.Create(0xFFFFu)) + (vector >>> 16);
            (Vector256<ulong> lower, Vector256<ulong> upper) = Vector256.Widen(lanes);
            sum += Vector256.Sum(lower + upper);
        }

        return sum;
    }

    /// <summary>Sums eight bytes at a time: the tail after the vectors, or everything.</summary>
    internal static ulong SumScalar(ReadOnlySpan<byte> bytes)
    {
        ulong sum = 0;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            ulong words = MemoryMarshal.Read<ulong>(bytes);
            sum += (words & 0xFFFF_FFFF) + (words >> 32);
        }

        if (bytes.Length >= sizeof(uint))
        {
            sum += MemoryMarshal.Read<uint>(bytes);
            bytes = bytes[sizeof(uint)..];
        }

        if (bytes.Length >= sizeof(ushort))
        {
            sum += MemoryMarshal.Read<ushort>(bytes);
            bytes = bytes[sizeof(ushort)..];
        }

        // The odd byte is the first of its word on the wire: the low half here if this machine puts low halves first.
        if (bytes.Length == 1)
            sum += BitConverter.IsLittleEndian ? bytes[0] : (uint)bytes[0] << 8;
        return sum;
    }
}

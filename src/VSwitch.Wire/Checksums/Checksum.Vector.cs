using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VSwitch.Wire;

/// <summary>
/// The fast sum. The ones' complement sum of byte-swapped words is the byte-swapped sum (RFC 1071 section 2(B)), so the loops add words in
/// the machine's own order and the result is swapped once at the end. Every lane is 32 bits wide and holds 16-bit words,
/// which leaves room for <see cref="VectorCountMax"/> vectors before a lane could overflow.
/// </summary>
public static partial class Checksum
{
    /// <summary>Each vector adds two 16-bit words to a 32-bit lane: 2 x 0xFFFF x 32768 is still below 2^32.</summary>
    private const int VectorCountMax = 32768;

    /// <summary>The sum of <paramref name="bytes"/> and <paramref name="partial"/>; folds to the same value as <see cref="SumPlain"/>.</summary>
    public static uint Sum(ReadOnlySpan<byte> bytes, uint partial = 0)
    {
        ulong sum = 0;
        if (Vector512.IsHardwareAccelerated && bytes.Length >= Vector512<byte>.Count)
            sum += SumVector512(ref bytes);
        if (Vector256.IsHardwareAccelerated && bytes.Length >= Vector256<byte>.Count)
            sum += SumVector256(ref bytes);
        sum += SumScalar(bytes);

        ushort folded = Fold(FoldTo32(sum));
        return FoldTo32((ulong)partial + (BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(folded) : folded));
    }

    /// <summary>Sums the whole vectors of <paramref name="bytes"/> and leaves the rest in it.</summary>
    private static ulong SumVector512(ref ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<Vector512<uint>> vectors = MemoryMarshal.Cast<byte, Vector512<uint>>(bytes);
        bytes = bytes[(vectors.Length * Vector512<byte>.Count)..];

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
    private static ulong SumVector256(ref ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<Vector256<uint>> vectors = MemoryMarshal.Cast<byte, Vector256<uint>>(bytes);
        bytes = bytes[(vectors.Length * Vector256<byte>.Count)..];

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

    /// <summary>Eight bytes at a time: the tail after the vectors, or everything where there are none.</summary>
    private static ulong SumScalar(ReadOnlySpan<byte> bytes)
    {
        ulong sum = 0;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            ulong words = MemoryMarshal.Read<ulong>(bytes);
            sum += (words & 0xFFFF_FFFF) + (words >> 32);
        }

        if (bytes.IsEmpty)
            return sum;

        // The last seven bytes or fewer, followed by zeroes, which add nothing.
        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        padded.Clear();
        bytes.CopyTo(padded);
        ulong last = MemoryMarshal.Read<ulong>(padded);
        return sum + (last & 0xFFFF_FFFF) + (last >> 32);
    }
}

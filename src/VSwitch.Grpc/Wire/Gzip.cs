using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace VSwitch.Grpc.Wire;

/// <summary>The one compression that is spoken besides none.</summary>
internal static class Gzip
{
    public const string Name = "gzip";
    public const string Identity = "identity";

    /// <summary>What <c>grpc-accept-encoding</c> says.</summary>
    public const string Accepted = $"{Identity},{Name}";

    private const int ChunkBytes = 16 * 1024;

    // The header and the trailer of a gzip member (RFC 1952, section 2.3).
    private const int ContainerBytes = 10 + 8;

    /// <summary>Compresses one message.</summary>
    public static ReadOnlyMemory<byte> Compress(ReadOnlySpan<byte> payload)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(payload);
        }

        return compressed.ToArray();
    }

    /// <summary>
    /// Expands one message; false if it grows past the limit, which is found out without expanding the rest.
    /// Throws <see cref="InvalidDataException"/> if the bytes are not gzip.
    /// </summary>
    public static bool TryExpand(ReadOnlySequence<byte> compressed, int bytesMax, out ReadOnlySequence<byte> payload)
    {
        byte[] source = compressed.ToArray();
        using var gzip = new GZipStream(new MemoryStream(source), CompressionMode.Decompress);
        var expanded = new ArrayBufferWriter<byte>(ChunkBytes);
        for (int count = gzip.Read(expanded.GetSpan(ChunkBytes)); count > 0; count = gzip.Read(expanded.GetSpan(ChunkBytes)))
        {
            expanded.Advance(count);
            if (expanded.WrittenCount > bytesMax)
            {
                payload = default;
                return false;
            }
        }

        // GZipStream takes a truncated message for a short one. The last four bytes say how long it should be (RFC 1952, ISIZE).
        if (source.Length < ContainerBytes || BinaryPrimitives.ReadInt32LittleEndian(source.AsSpan(^4..)) != expanded.WrittenCount)
        {
            throw new InvalidDataException("The gzip data ends too early.");
        }

        payload = new ReadOnlySequence<byte>(expanded.WrittenMemory);
        return true;
    }
}

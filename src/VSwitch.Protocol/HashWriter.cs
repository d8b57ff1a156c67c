using System.Buffers;
using System.Security.Cryptography;

namespace VSwitch.Protocol;

/// <summary>Takes what is written to it into a SHA-256 hash, a piece at a time, so that a large message needs no large buffer.</summary>
internal sealed class HashWriter : IBufferWriter<byte>, IDisposable
{
    private const int PieceBytes = 4096;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _piece = new byte[PieceBytes];

    /// <summary>The hash of all that was written, in 32 bytes.</summary>
    public byte[] Finish() => _hash.GetHashAndReset();

    public void Advance(int count) => _hash.AppendData(_piece, 0, count);

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (sizeHint > _piece.Length)
            _piece = new byte[sizeHint];
        return _piece;
    }

    public void Dispose() => _hash.Dispose();
}

using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Grpc.Core;

namespace VSwitch.Grpc.Wire;

/// <summary>
/// Writes messages to a body, each with its prefix; the opposite of <see cref="MessageReader{T}"/>. A message that fails to
/// serialize, or is too large, leaves no byte behind.
/// </summary>
/// <param name="pipe">The body.</param>
/// <param name="marshaller">Makes bytes of messages.</param>
/// <param name="bytesMax">The largest message that may be sent, before compression; null if any.</param>
/// <param name="compress">Whether messages are compressed unless their options forbid it.</param>
internal sealed class MessageWriter<T>(PipeWriter pipe, Marshaller<T> marshaller, int? bytesMax, bool compress)
{
    private readonly SentPayload _payload = new();

    /// <summary>Whether a message has been written.</summary>
    public bool HasWritten { get; private set; }

    /// <summary>
    /// Writes a message and, unless the options let it wait, sends it; done when the receiver's window has room for more.
    /// Throws <see cref="RpcException"/> with <see cref="StatusCode.ResourceExhausted"/> for one that is too large.
    /// </summary>
    public async Task WriteAsync(T message, WriteFlags flags, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> payload = _payload.Serialize(message, marshaller);
        if (payload.Length > bytesMax)
        {
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted, $"The message of {payload.Length} bytes is larger than the limit of {bytesMax} bytes."));
        }

        // Nothing compresses to nothing in GZipStream, which is not valid gzip.
        bool compressed = compress && payload.Length > 0 && !flags.HasFlag(WriteFlags.NoCompress);
        if (compressed)
        {
            payload = Gzip.Compress(payload.Span);
        }

        HasWritten = true;
        WritePrefix(compressed, payload.Length);
        pipe.Write(payload.Span);
        if (!flags.HasFlag(WriteFlags.BufferHint))
        {
            await pipe.FlushAsync(cancellationToken);
        }
    }

    private void WritePrefix(bool compressed, int length)
    {
        Span<byte> prefix = pipe.GetSpan(MessageReader<T>.PrefixBytes);
        prefix[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(prefix[1..], length);
        pipe.Advance(MessageReader<T>.PrefixBytes);
    }
}

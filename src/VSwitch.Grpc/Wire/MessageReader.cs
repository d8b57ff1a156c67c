using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Grpc.Core;

namespace VSwitch.Grpc.Wire;

/// <summary>
/// Cuts a body into messages. A message is a byte that says whether it is compressed, its length in four bytes of network order,
/// and that many bytes. Source: PROTOCOL-HTTP2, Length-Prefixed-Message.
/// </summary>
/// <param name="pipe">The body.</param>
/// <param name="marshaller">Makes messages of bytes.</param>
/// <param name="bytesMax">The largest message that is taken, before and after expansion; null if any.</param>
/// <param name="encoding">What <c>grpc-encoding</c> said, or null.</param>
/// <param name="unknownEncoding">The status for a compression that is not spoken: the server's and the client's differ.</param>
internal sealed class MessageReader<T>(
    PipeReader pipe, Marshaller<T> marshaller, int? bytesMax, string? encoding, StatusCode unknownEncoding)
{
    /// <summary>The prefix's length.</summary>
    public const int PrefixBytes = 5;

    private readonly int _bytesMax = bytesMax ?? Array.MaxLength;

    /// <summary>The message that the last <see cref="MoveNextAsync"/> found.</summary>
    public T Current { get; private set; } = default!;

    /// <summary>
    /// Waits for the next message; false at the end of the body. Throws <see cref="RpcException"/> with the status that the fault
    /// has by specification, and whatever the body throws.
    /// </summary>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        ReadResult result = await pipe.ReadAtLeastAsync(PrefixBytes, cancellationToken);
        ReadOnlySequence<byte> buffer = result.Buffer;
        if (buffer.Length < PrefixBytes)
        {
            ThrowIfCancelled(result);
            bool atEnd = buffer.IsEmpty;
            pipe.AdvanceTo(buffer.End);
            return atEnd ? false : throw Failure(StatusCode.Internal, "The body ends inside a message's prefix.");
        }

        (byte flag, uint length) = ParsePrefix(buffer);
        pipe.AdvanceTo(buffer.GetPosition(PrefixBytes));
        if (flag > 1)
        {
            throw Failure(StatusCode.Internal, $"The message's compressed flag is {flag}, neither 0 nor 1.");
        }

        bool compressed = flag == 1;
        if (length > _bytesMax)
        {
            throw TooLarge();
        }

        // Reading at least nothing would wait for the next message when this one is empty.
        if (length == 0)
        {
            Current = Deserialize(ReadOnlySequence<byte>.Empty, compressed);
            return true;
        }

        result = await pipe.ReadAtLeastAsync((int)length, cancellationToken);
        buffer = result.Buffer;
        if (buffer.Length < length)
        {
            ThrowIfCancelled(result);
            pipe.AdvanceTo(buffer.End);
            throw Failure(StatusCode.Internal, "The body ends inside a message.");
        }

        ReadOnlySequence<byte> payload = buffer.Slice(0, length);
        try
        {
            Current = Deserialize(payload, compressed);
        }
        finally
        {
            pipe.AdvanceTo(payload.End);
        }

        return true;
    }

    /// <summary>Makes a read that waits end with <see cref="OperationCanceledException"/>.</summary>
    public void CancelPendingRead() => pipe.CancelPendingRead();

    private void ThrowIfCancelled(ReadResult result)
    {
        if (result.IsCanceled)
        {
            pipe.AdvanceTo(result.Buffer.Start);
            throw new OperationCanceledException("The call has ended.");
        }
    }

    private static (byte Flag, uint Length) ParsePrefix(ReadOnlySequence<byte> buffer)
    {
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        buffer.Slice(0, PrefixBytes).CopyTo(prefix);
        return (prefix[0], BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]));
    }

    private T Deserialize(ReadOnlySequence<byte> payload, bool compressed)
    {
        if (compressed)
        {
            payload = Expand(payload);
        }

        try
        {
            return marshaller.ContextualDeserializer(new ReceivedPayload(payload));
        }
        catch (Exception e)
        {
            throw Failure(StatusCode.Internal, "The message cannot be deserialized.", e);
        }
    }

    private ReadOnlySequence<byte> Expand(ReadOnlySequence<byte> compressed)
    {
        switch (encoding)
        {
            case Gzip.Name:
                try
                {
                    return Gzip.TryExpand(compressed, _bytesMax, out ReadOnlySequence<byte> payload) ? payload : throw TooLarge();
                }
                catch (InvalidDataException e)
                {
                    throw Failure(StatusCode.Internal, "The compressed message is damaged.", e);
                }

            case null or Gzip.Identity:
                throw Failure(StatusCode.Internal, "The message says it is compressed, but the call names no compression.");
            default:
                throw Failure(unknownEncoding, $"The compression '{encoding}' is not supported.");
        }
    }

    private RpcException TooLarge() =>
        Failure(StatusCode.ResourceExhausted, $"The received message is larger than the limit of {_bytesMax} bytes.");

    private static RpcException Failure(StatusCode code, string detail, Exception? cause = null) => new(new Status(code, detail, cause));
}

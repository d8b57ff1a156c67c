using System.Buffers;
using Grpc.Core;

namespace VSwitch.Grpc.Wire;

/// <summary>The bytes of one received message, for a marshaller to read.</summary>
internal sealed class ReceivedPayload(ReadOnlySequence<byte> bytes) : DeserializationContext
{
    public override int PayloadLength => (int)bytes.Length;

    public override byte[] PayloadAsNewBuffer() => bytes.ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => bytes;
}

/// <summary>Takes the bytes of one message after the other from a marshaller, in one buffer that is used again.</summary>
internal sealed class SentPayload : SerializationContext
{
    // A stream that once sent a large message does not hold on to its buffer.
    private const int RetainedBytesMax = 64 * 1024;

    private ArrayBufferWriter<byte> _buffer = new();
    private bool _complete;

    /// <summary>
    /// Serializes a message. The bytes are valid until the next call. Throws <see cref="RpcException"/> with
    /// <see cref="StatusCode.Internal"/> if the marshaller fails.
    /// </summary>
    public ReadOnlyMemory<byte> Serialize<T>(T message, Marshaller<T> marshaller)
    {
        if (_buffer.Capacity > RetainedBytesMax)
        {
            _buffer = new ArrayBufferWriter<byte>();
        }

        _buffer.ResetWrittenCount();
        _complete = false;
        try
        {
            marshaller.ContextualSerializer(message, this);
        }
        catch (Exception e)
        {
            throw new RpcException(new Status(StatusCode.Internal, "The message cannot be serialized.", e));
        }

        return _complete
            ? _buffer.WrittenMemory
            : throw new RpcException(new Status(StatusCode.Internal, "The serializer did not complete the message."));
    }

    public override void SetPayloadLength(int payloadLength) => _buffer.GetSpan(payloadLength);

    public override IBufferWriter<byte> GetBufferWriter() => _buffer;

    public override void Complete() => _complete = true;

    public override void Complete(byte[] payload)
    {
        _buffer.Write(payload);
        _complete = true;
    }
}

using System.Buffers;

namespace Grpc.Core;

/// <summary>
/// Where a marshaller puts one message: either one call to <see cref="Complete(byte[])"/>, or the bytes into
/// <see cref="GetBufferWriter"/> and then <see cref="Complete()"/>.
/// </summary>
public abstract class SerializationContext
{
    /// <summary>Gives the whole message and completes it.</summary>
    public abstract void Complete(byte[] payload);

    /// <summary>The buffer that takes the message.</summary>
    public abstract IBufferWriter<byte> GetBufferWriter();

    /// <summary>Says how many bytes will come, so that the buffer need not grow.</summary>
    public abstract void SetPayloadLength(int payloadLength);

    /// <summary>Says that the whole message is in the buffer.</summary>
    public abstract void Complete();
}

using System.Buffers;

namespace Grpc.Core;

/// <summary>Where a marshaller finds one message. It is valid only until the deserializer returns.</summary>
public abstract class DeserializationContext
{
    /// <summary>The message's length in bytes.</summary>
    public abstract int PayloadLength { get; }

    /// <summary>A copy of the message.</summary>
    public abstract byte[] PayloadAsNewBuffer();

    /// <summary>The message where it lies, without a copy.</summary>
    public abstract ReadOnlySequence<byte> PayloadAsReadOnlySequence();
}

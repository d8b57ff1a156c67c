namespace Grpc.Core;

/// <summary>How a message is written.</summary>
[Flags]
public enum WriteFlags
{
    /// <summary>The message is sent at once, compressed if the call is.</summary>
    None = 0,

    /// <summary>The message may wait in the buffer for the next one.</summary>
    BufferHint = 0x1,

    /// <summary>The message is not compressed, whatever the call says.</summary>
    NoCompress = 0x2,
}

/// <summary>How the messages of a stream are written from here on.</summary>
public class WriteOptions(WriteFlags flags = WriteFlags.None)
{
    /// <summary>Every message is sent at once, compressed if the call is.</summary>
    public static readonly WriteOptions Default = new();

    /// <summary>The flags.</summary>
    public WriteFlags Flags { get; } = flags;
}

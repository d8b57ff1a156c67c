namespace Grpc.Core;

/// <summary>
/// The sending end of a stream of messages. One write at a time; a write ends when the transport has taken the message, which is
/// how a slow receiver holds a fast sender back.
/// </summary>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>How messages are written from here on.</summary>
    WriteOptions? WriteOptions { get; set; }

    /// <summary>Writes a message.</summary>
    Task WriteAsync(T message);

    /// <summary>Writes a message unless the token fires first.</summary>
    Task WriteAsync(T message, CancellationToken cancellationToken);
}

/// <summary>The client's sending end.</summary>
public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Says that no more requests come.</summary>
    Task CompleteAsync();
}

/// <summary>The server's sending end, which ends when the handler returns.</summary>
public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>;

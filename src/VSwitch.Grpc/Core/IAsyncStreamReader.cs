namespace Grpc.Core;

/// <summary>The receiving end of a stream of messages. One read at a time.</summary>
public interface IAsyncStreamReader<out T>
{
    /// <summary>The message that the last <see cref="MoveNext"/> found.</summary>
    T Current { get; }

    /// <summary>
    /// Waits for the next message. Returns false at the end of the stream; throws <see cref="RpcException"/> on the client
    /// when the call ended with a status other than OK.
    /// </summary>
    Task<bool> MoveNext(CancellationToken cancellationToken);
}

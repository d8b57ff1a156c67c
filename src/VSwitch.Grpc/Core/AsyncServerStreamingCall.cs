namespace Grpc.Core;

/// <summary>A call with one request and many responses.</summary>
public sealed class AsyncServerStreamingCall<TResponse>(
    IAsyncStreamReader<TResponse> responseStream,
    Task<Metadata> responseHeadersAsync,
    Func<Status> getStatusFunc,
    Func<Metadata> getTrailersFunc,
    Action disposeAction) : AsyncCall(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction)
{
    /// <summary>The responses. The status is known when they end.</summary>
    public IAsyncStreamReader<TResponse> ResponseStream { get; } = responseStream;
}

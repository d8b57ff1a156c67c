namespace Grpc.Core;

/// <summary>
/// What the four kinds of call have in common. The delegates come from the runtime, or from a test that stands in for it.
/// </summary>
public abstract class AsyncCall : IDisposable
{
    private readonly Func<Status> _getStatus;
    private readonly Func<Metadata> _getTrailers;
    private readonly Action _dispose;

    private protected AsyncCall(
        Task<Metadata> responseHeadersAsync, Func<Status> getStatusFunc, Func<Metadata> getTrailersFunc, Action disposeAction)
    {
        ResponseHeadersAsync = responseHeadersAsync;
        _getStatus = getStatusFunc;
        _getTrailers = getTrailersFunc;
        _dispose = disposeAction;
    }

    /// <summary>The response's metadata, as soon as it arrives.</summary>
    public Task<Metadata> ResponseHeadersAsync { get; }

    /// <summary>How the call ended. Throws <see cref="InvalidOperationException"/> while it has not.</summary>
    public Status GetStatus() => _getStatus();

    /// <summary>The metadata after the response. Throws <see cref="InvalidOperationException"/> while the call has not ended.</summary>
    public Metadata GetTrailers() => _getTrailers();

    /// <summary>Gives the call up if it has not ended.</summary>
    public void Dispose()
    {
        _dispose();
        GC.SuppressFinalize(this);
    }
}

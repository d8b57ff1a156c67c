using Grpc.Core;

namespace VSwitch.Grpc.Client;

/// <summary>The responses of a call, for its caller.</summary>
internal sealed class ClientStreamReader<TRequest, TResponse>(ClientCall<TRequest, TResponse> call) : IAsyncStreamReader<TResponse>
    where TRequest : class
    where TResponse : class
{
    private readonly Lock _gate = new();
    private Task<bool> _pending = Task.FromResult(false);

    public TResponse Current => call.Current ?? throw new InvalidOperationException("No response has been read.");

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _pending.IsCompleted
                ? _pending = ReadAsync(cancellationToken)
                : Task.FromException<bool>(new InvalidOperationException(
                    "The previous read has not ended; one message is read at a time."));
        }
    }

    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static call => ((ClientCall<TRequest, TResponse>)call!).Cancel(), call);
        return await call.MoveNextAsync();
    }
}

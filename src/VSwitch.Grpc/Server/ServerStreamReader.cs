using Grpc.Core;
using VSwitch.Grpc.Wire;

namespace VSwitch.Grpc.Server;

/// <summary>The requests of a call, for its handler.</summary>
internal sealed class ServerStreamReader<T>(MessageReader<T> reader, CancellationToken callToken) : IAsyncStreamReader<T>
{
    private readonly Lock _gate = new();
    private Task<bool> _pending = Task.FromResult(false);
    private bool _callEnded;

    public T Current => reader.Current;

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_callEnded)
            {
                return Refuse("The call has ended; there is nothing more to read.");
            }

            if (!_pending.IsCompleted)
            {
                return Refuse("The previous read has not ended; one message is read at a time.");
            }

            return _pending = ReadAsync(cancellationToken);
        }
    }

    /// <summary>Refuses reads from here on and ends one that the handler left behind: the request's buffers go back to Kestrel.</summary>
    public async Task CompleteAsync()
    {
        Task pending;
        lock (_gate)
        {
            _callEnded = true;
            pending = _pending;
        }

        if (!pending.IsCompleted)
        {
            reader.CancelPendingRead();
            await pending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled)
        {
            return await reader.MoveNextAsync(callToken);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(callToken, cancellationToken);
        return await reader.MoveNextAsync(either.Token);
    }

    private static Task<bool> Refuse(string reason) => Task.FromException<bool>(new InvalidOperationException(reason));
}

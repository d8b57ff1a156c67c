using Grpc.Core;
using VSwitch.Grpc.Wire;

namespace VSwitch.Grpc.Server;

/// <summary>The responses of a call, for its handler.</summary>
internal sealed class ServerStreamWriter<T>(MessageWriter<T> writer, ServerCallContext context) : IServerStreamWriter<T>
{
    private readonly Lock _gate = new();
    private Task _pending = Task.CompletedTask;
    private bool _callEnded;

    public WriteOptions? WriteOptions
    {
        get => context.WriteOptions;
        set => context.WriteOptions = value;
    }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // Kestrel drops what is written to a stream that the client reset, so nobody else would stop a handler that writes on.
            if (_callEnded || context.CancellationToken.IsCancellationRequested)
            {
                return Refuse("The call has ended; the message cannot be written.");
            }

            if (!_pending.IsCompleted)
            {
                return Refuse("The previous write has not ended; one message is written at a time.");
            }

            return _pending = SendAsync(message, cancellationToken);
        }
    }

    /// <summary>Refuses writes from here on, and waits for one that the handler left behind.</summary>
    public async Task CompleteAsync()
    {
        Task pending;
        lock (_gate)
        {
            _callEnded = true;
            pending = _pending;
        }

        await pending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task SendAsync(T message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        WriteFlags flags = WriteOptions?.Flags ?? WriteFlags.None;
        if (!cancellationToken.CanBeCanceled)
        {
            await writer.WriteAsync(message, flags, context.CancellationToken);
            return;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, cancellationToken);
        await writer.WriteAsync(message, flags, either.Token);
    }

    private static Task Refuse(string reason) => Task.FromException(new InvalidOperationException(reason));
}

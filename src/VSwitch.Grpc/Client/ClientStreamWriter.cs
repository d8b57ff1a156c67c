using Grpc.Core;
using VSwitch.Grpc.Wire;

namespace VSwitch.Grpc.Client;

/// <summary>The requests of a call, for its caller.</summary>
internal sealed class ClientStreamWriter<TRequest, TResponse>(
    ClientCall<TRequest, TResponse> call, StreamingRequestContent<TRequest> content) : IClientStreamWriter<TRequest>
    where TRequest : class
    where TResponse : class
{
    private readonly Lock _gate = new();
    private Task _pending = Task.CompletedTask;
    private bool _completed;

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        lock (_gate)
        {
            if (!_pending.IsCompleted)
            {
                return Refuse("The previous write has not ended; one message is written at a time.");
            }

            if (_completed)
            {
                return Refuse("The stream of requests has been completed; no more can be written.");
            }

            return call.Outcome is { } outcome
                ? Task.FromException(outcome.ToException())
                : _pending = SendAsync(message, cancellationToken);
        }
    }

    public Task CompleteAsync()
    {
        lock (_gate)
        {
            if (!_pending.IsCompleted)
            {
                return Refuse("The previous write has not ended; the stream of requests cannot be completed.");
            }

            _completed = true;
            content.Complete();
            return Task.CompletedTask;
        }
    }

    private async Task SendAsync(TRequest message, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static call => ((ClientCall<TRequest, TResponse>)call!).Cancel(), call);
        try
        {
            MessageWriter<TRequest> writer = await content.Opened;
            await writer.WriteAsync(message, WriteOptions?.Flags ?? WriteFlags.None, call.Token);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw await call.ExplainWriteFailureAsync(e);
        }
    }

    private static Task Refuse(string reason) => Task.FromException(new InvalidOperationException(reason));
}

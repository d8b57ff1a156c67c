using System.IO.Pipelines;
using System.Net;
using Grpc.Core;
using VSwitch.Grpc.Wire;

namespace VSwitch.Grpc.Client;

/// <summary>A body of gRPC messages, whose length nobody knows ahead.</summary>
internal abstract class RequestContent : HttpContent
{
    protected RequestContent() => Headers.TryAddWithoutValidation(HeaderNames.ContentType, ContentType.Grpc);

    /// <summary>The call has ended: nothing more is sent.</summary>
    public abstract void Abandon();

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected sealed override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected abstract override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken);
}

/// <summary>The body of one message. It can be sent again, over another connection, if the first one refused it unseen.</summary>
internal sealed class SingleRequestContent<T>(T message, Func<PipeWriter, MessageWriter<T>> createWriter, WriteFlags flags) : RequestContent
{
    public override void Abandon()
    {
        // The transport sends the message on its own and stops with the call's token.
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        createWriter(PipeWriter.Create(stream)).WriteAsync(message, flags & ~WriteFlags.BufferHint, cancellationToken);
}

/// <summary>
/// The body of a stream of messages. The transport asks for the body once, when it has a connection; from then on messages go into
/// <see cref="Opened"/> until <see cref="Complete"/> ends the body in order, or <see cref="Abandon"/> resets it.
/// </summary>
internal sealed class StreamingRequestContent<T>(Func<PipeWriter, MessageWriter<T>> createWriter) : RequestContent
{
    private readonly TaskCompletionSource<MessageWriter<T>> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The body's writer, as soon as there is a connection. Cancelled if there never is.</summary>
    public Task<MessageWriter<T>> Opened => _opened.Task;

    public void Complete() => _ended.TrySetResult();

    public override void Abandon()
    {
        _opened.TrySetCanceled();
        _ended.TrySetCanceled();
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The headers go out now, so that the server can answer before the first message.
        await stream.FlushAsync(cancellationToken);
        PipeWriter pipe = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        if (!_opened.TrySetResult(createWriter(pipe)))
        {
            throw new IOException("The connection was lost, and a stream of messages cannot be sent again.");
        }

        await _ended.Task.WaitAsync(cancellationToken);
        await pipe.CompleteAsync();
    }
}

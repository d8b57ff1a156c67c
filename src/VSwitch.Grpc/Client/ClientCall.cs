using System.IO.Pipelines;
using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using VSwitch.Grpc.Wire;

namespace VSwitch.Grpc.Client;

/// <summary>
/// One call on the client. It is open until it has an outcome, and it gets exactly one, from whichever comes first: the response's
/// trailers, a fault in the response, the transport's failure, the deadline, or the caller who cancels or disposes it. The outcome
/// releases everything: the clock, the request's body, the response and with them the HTTP/2 stream.
/// </summary>
internal sealed class ClientCall<TRequest, TResponse> : IDisposable
    where TRequest : class
    where TResponse : class
{
    private readonly GrpcChannel _channel;
    private readonly Method<TRequest, TResponse> _method;
    private readonly CallLifetime _lifetime;
    private readonly RequestContent _content;
    private readonly Task<MessageReader<TResponse>?> _opened;
    private readonly TaskCompletionSource<Metadata> _headers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<CallOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HttpResponseMessage? _response;
    private bool _anyResponse;

    private ClientCall(
        GrpcChannel channel, Method<TRequest, TResponse> method, string? host, CallOptions options, RequestContent content)
    {
        channel.ThrowIfDisposed();
        _channel = channel;
        _method = method;
        _content = content;
        HttpRequestMessage request = RequestHead.Create(channel.Address, method, host, options, content, out TimeSpan? timeout);
        _lifetime = new CallLifetime(timeout, options.CancellationToken, channel.Closed);
        _lifetime.Token.UnsafeRegister(static call => ((ClientCall<TRequest, TResponse>)call!).ConcludeLifetime(), this);
        _opened = _outcome.Task.IsCompleted ? Task.FromResult<MessageReader<TResponse>?>(null) : OpenAsync(request);
    }

    /// <summary>The requests; null if the method takes one.</summary>
    public ClientStreamWriter<TRequest, TResponse>? Requests { get; private set; }

    public Task<Metadata> ResponseHeadersAsync => _headers.Task;

    /// <summary>The response that the last <see cref="MoveNextAsync"/> found.</summary>
    public TResponse? Current { get; private set; }

    /// <summary>Fires when the call has ended.</summary>
    public CancellationToken Token => _lifetime.Token;

    /// <summary>How the call ended; null while it has not.</summary>
    public CallOutcome? Outcome => _outcome.Task.IsCompleted ? _outcome.Task.Result : null;

    /// <summary>Starts a call with one request.</summary>
    public static ClientCall<TRequest, TResponse> Start(
        GrpcChannel channel, Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        WriteFlags flags = options.WriteOptions?.Flags ?? WriteFlags.None;
        var content = new SingleRequestContent<TRequest>(request, WriterFactory(channel, method, options), flags);
        return new ClientCall<TRequest, TResponse>(channel, method, host, options, content);
    }

    /// <summary>Starts a call with a stream of requests.</summary>
    public static ClientCall<TRequest, TResponse> Start(
        GrpcChannel channel, Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var content = new StreamingRequestContent<TRequest>(WriterFactory(channel, method, options));
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options, content);
        call.Requests = new ClientStreamWriter<TRequest, TResponse>(call, content) { WriteOptions = options.WriteOptions };
        return call;
    }

    /// <summary>Reads the response of a method that gives one, to the end of the call.</summary>
    public async Task<TResponse> ReadSingleResponseAsync()
    {
        await MoveNextAsync();
        TResponse response = Current!;
        await MoveNextAsync();
        return response;
    }

    /// <summary>
    /// Waits for the next response; false if the call ended well. Throws <see cref="RpcException"/> with the outcome if it did not.
    /// </summary>
    public async Task<bool> MoveNextAsync()
    {
        if (await _opened is { } reader && Outcome is null)
        {
            try
            {
                if (await reader.MoveNextAsync(_lifetime.Token))
                {
                    TakeResponse(reader.Current);
                    return true;
                }

                ConcludeByTrailers();
            }
            catch (Exception e)
            {
                Conclude(e);
            }
        }

        CallOutcome outcome = await _outcome.Task;
        return outcome.Status.StatusCode == StatusCode.OK ? false : throw outcome.ToException();
    }

    /// <summary>
    /// The exception for a write that the transport failed. The reason is the call's outcome. A method with one response has a reader
    /// at work who will find it; otherwise the outcome lies behind responses that perhaps nobody reads, and is not waited for.
    /// </summary>
    public async Task<RpcException> ExplainWriteFailureAsync(Exception exception)
    {
        bool someoneReads = _method.Type == MethodType.ClientStreaming;
        if (someoneReads || Outcome is not null)
        {
            return (await _outcome.Task).ToException();
        }

        // The transport cancels the request when the server ends the call without waiting for it.
        return new RpcException(exception is OperationCanceledException or ObjectDisposedException
            ? new Status(StatusCode.Cancelled, "The server has ended the call; its status follows the responses.", exception)
            : StatusMapping.FromException(exception));
    }

    public Status GetStatus() => Ended().Status;

    public Metadata GetTrailers() => Ended().Trailers;

    /// <summary>Ends the call as cancelled unless it has ended.</summary>
    public void Cancel() => _lifetime.Cancel();

    public void Dispose() => Cancel();

    // Null if the response brings no messages; the call then has its outcome.
    private async Task<MessageReader<TResponse>?> OpenAsync(HttpRequestMessage request)
    {
        try
        {
            HttpResponseMessage response = await _channel.SendAsync(request, _lifetime.Token);

            // The exchange is a fence: either the outcome finds the response and disposes it, or it is found here.
            Interlocked.Exchange(ref _response, response);
            if (Outcome is not null)
            {
                response.Dispose();
                return null;
            }

            if (!AcceptHead(response))
            {
                return null;
            }

            string? encoding = response.Headers.NonValidated.TryGetValues(HeaderNames.Encoding, out var value) ? value.ToString() : null;
            PipeReader body = PipeReader.Create(await response.Content.ReadAsStreamAsync(_lifetime.Token), BodyReaderOptions);
            return new MessageReader<TResponse>(
                body, _method.ResponseMarshaller, _channel.Options.MaxReceiveMessageSize, encoding, StatusCode.Internal);
        }
        catch (Exception e)
        {
            Conclude(e);
            return null;
        }
    }

    private bool AcceptHead(HttpResponseMessage response)
    {
        var headers = response.Headers.NonValidated;
        if (headers.Contains(HeaderNames.Status))
        {
            CallOutcome outcome = CallOutcome.Read(headers);
            _headers.TrySetResult(outcome.Trailers);
            ConcludeInOrder(outcome);
            return false;
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            Conclude(new CallOutcome(
                StatusMapping.FromHttp(response.StatusCode), $"The server answered with HTTP status {(int)response.StatusCode}."));
            return false;
        }

        string? contentType = response.Content.Headers.ContentType?.ToString();
        if (!ContentType.IsGrpc(contentType))
        {
            Conclude(new CallOutcome(StatusCode.Unknown, $"The server answered with content type '{contentType}', which is not gRPC."));
            return false;
        }

        _headers.TrySetResult(CallOutcome.ReadMetadata(headers));
        return true;
    }

    private void TakeResponse(TResponse response)
    {
        if (GivesOneResponse && _anyResponse)
        {
            throw new RpcException(new Status(StatusCode.Internal, "The method gives one response, and more came."));
        }

        _anyResponse = true;
        Current = response;
    }

    private void ConcludeByTrailers() => ConcludeInOrder(CallOutcome.Read(_response!.TrailingHeaders.NonValidated));

    private void ConcludeInOrder(CallOutcome outcome) =>
        Conclude(outcome.Status.StatusCode == StatusCode.OK && GivesOneResponse && !_anyResponse
            ? new CallOutcome(StatusCode.Internal, "The call ended well, but without the response.")
            : outcome);

    private void Conclude(Exception exception)
    {
        // A server that gives up at the deadline resets the stream, which can come just before our own clock says so.
        Status status = StatusMapping.FromException(exception);
        bool resetAtDeadline = status.StatusCode == StatusCode.Cancelled && DateTime.UtcNow >= _lifetime.Deadline;
        if (resetAtDeadline || _lifetime.DeadlineReached)
        {
            Conclude(DeadlineExceeded);
        }
        else
        {
            Conclude(_lifetime.Token.IsCancellationRequested ? Cancelled : new CallOutcome(status, Metadata.Empty));
        }
    }

    private void ConcludeLifetime() => Conclude(_lifetime.DeadlineReached ? DeadlineExceeded : Cancelled);

    private void Conclude(CallOutcome outcome)
    {
        if (!_outcome.TrySetResult(outcome))
        {
            return;
        }

        if (_headers.TrySetException(outcome.ToException()))
        {
            // Most callers never ask for the headers, and then nobody needs to hear that they failed.
            _ = _headers.Task.Exception;
        }

        _lifetime.Dispose();

        // First the write that waits for the receiver's window: a body that fails under it can leave it waiting for ever.
        _lifetime.Cancel();
        _content.Abandon();
        _response?.Dispose();
    }

    private CallOutcome Ended() => Outcome ?? throw new InvalidOperationException("The call has not ended.");

    private static CallOutcome DeadlineExceeded => new(StatusCode.DeadlineExceeded, "The deadline has passed.");

    private static CallOutcome Cancelled => new(StatusCode.Cancelled, "The call was cancelled.");

    private bool GivesOneResponse => _method.Type is MethodType.Unary or MethodType.ClientStreaming;

    private static readonly StreamPipeReaderOptions BodyReaderOptions = new(bufferSize: 16 * 1024);

    private static Func<PipeWriter, MessageWriter<TRequest>> WriterFactory(
        GrpcChannel channel, Method<TRequest, TResponse> method, CallOptions options)
    {
        bool compress = RequestHead.Compresses(options);
        return pipe => new MessageWriter<TRequest>(pipe, method.RequestMarshaller, channel.Options.MaxSendMessageSize, compress);
    }
}

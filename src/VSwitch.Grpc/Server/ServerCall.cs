using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using VSwitch.Grpc.Wire;

namespace VSwitch.Grpc.Server;

/// <summary>
/// One call on the server, from its headers to its status. The handler runs once, on the request's own task; when it ends, its
/// status follows whatever it wrote. If the client cancels or the deadline passes, the context's token fires, reads and writes fail,
/// and the call ends when the handler does.
/// </summary>
internal sealed class ServerCall<TRequest, TResponse> : IDisposable
    where TRequest : class
    where TResponse : class
{
    private readonly HttpContext _http;
    private readonly GrpcServiceOptions _options;
    private readonly ILogger _log;
    private readonly CallLifetime _lifetime;
    private readonly bool _timeoutMalformed;
    private readonly MessageReader<TRequest> _reader;
    private readonly MessageWriter<TResponse> _writer;
    private readonly ServerStreamReader<TRequest> _requests;
    private readonly ServerStreamWriter<TResponse> _responses;
    private readonly HttpServerCallContext _context;

    public ServerCall(HttpContext http, Method<TRequest, TResponse> method, GrpcServiceOptions options, ILogger log)
    {
        _http = http;
        _options = options;
        _log = log;
        _lifetime = new CallLifetime(Timeout(http, out _timeoutMalformed), http.RequestAborted);
        _context = new HttpServerCallContext(http, method.FullName, _lifetime);

        string? encoding = Header(HeaderNames.Encoding);
        _reader = new MessageReader<TRequest>(
            http.Request.BodyReader, method.RequestMarshaller, options.MaxReceiveMessageSize, encoding, StatusCode.Unimplemented);
        _requests = new ServerStreamReader<TRequest>(_reader, _lifetime.Token);

        bool compress = options.ResponseCompressionAlgorithm == Gzip.Name
            && Header(HeaderNames.AcceptEncoding)?.Split(',', StringSplitOptions.TrimEntries).Contains(Gzip.Name) == true;
        if (compress)
        {
            http.Response.Headers[HeaderNames.Encoding] = Gzip.Name;
        }

        _writer = new MessageWriter<TResponse>(
            http.Response.BodyWriter, method.ResponseMarshaller, options.MaxSendMessageSize, compress);
        _responses = new ServerStreamWriter<TResponse>(_writer, _context);
    }

    public ServerCallContext Context => _context;

    public IAsyncStreamReader<TRequest> Requests => _requests;

    public IServerStreamWriter<TResponse> Responses => _responses;

    /// <summary>Runs the handler and sends its status, whatever it does.</summary>
    public async Task RunAsync(Func<ServerCall<TRequest, TResponse>, Task> handler)
    {
        LiftBodyLimits();
        Status status;
        Metadata trailers;
        try
        {
            if (_timeoutMalformed)
            {
                throw Failure($"The request's {HeaderNames.Timeout} is malformed.");
            }

            await handler(this);
            (status, trailers) = (_context.Status, _context.TrailersOrEmpty);
        }
        catch (Exception e)
        {
            (status, trailers) = Conclude(e);
        }

        await _requests.CompleteAsync();
        await _responses.CompleteAsync();
        if (_lifetime.DeadlineReached)
        {
            status = new Status(StatusCode.DeadlineExceeded, "The deadline has passed.");
        }

        bool trailersOnly = !_http.Response.HasStarted && !_writer.HasWritten;
        IHeaderDictionary destination = trailersOnly
            ? _http.Response.Headers
            : _http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
        StatusTrailers.Write(destination, status, trailers);
    }

    /// <summary>Reads the request of a method that takes one, to the end of the body.</summary>
    public async ValueTask<TRequest> ReadSingleRequestAsync()
    {
        if (!await _reader.MoveNextAsync(_lifetime.Token))
        {
            throw Failure("The request is missing.");
        }

        TRequest request = _reader.Current;
        return await _reader.MoveNextAsync(_lifetime.Token) ? throw Failure("The method takes one request, and more came.") : request;
    }

    /// <summary>Writes the response of a method that gives one. It goes out together with the status.</summary>
    public Task WriteSingleResponseAsync(TResponse? response)
    {
        if (response is null)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "The handler returned no response."));
        }

        // A handler that sets a status other than OK gives no response: the client could not use it.
        WriteFlags flags = (_context.WriteOptions?.Flags ?? WriteFlags.None) | WriteFlags.BufferHint;
        return _context.Status.StatusCode == StatusCode.OK
            ? _writer.WriteAsync(response, flags, _lifetime.Token)
            : Task.CompletedTask;
    }

    public void Dispose() => _lifetime.Dispose();

    private (Status Status, Metadata Trailers) Conclude(Exception exception)
    {
        switch (exception)
        {
            case RpcException rpc:
                return (rpc.Status, Join(_context.TrailersOrEmpty, rpc.Trailers));

            case var _ when _lifetime.Token.IsCancellationRequested:
                return (Status.DefaultCancelled, _context.TrailersOrEmpty);

            // The body breaks when the client goes, perhaps a moment before the token says so.
            case IOException or BadHttpRequestException:
                _log.LogDebug(exception, "The request of {Method} broke off", _context.Method);
                return (new Status(StatusCode.Cancelled, "The request broke off."), _context.TrailersOrEmpty);

            default:
                _log.LogError(exception, "The handler of {Method} failed", _context.Method);
                string detail = _options.EnableDetailedErrors == true
                    ? $"The handler failed. {exception.GetType().Name}: {exception.Message}"
                    : "The handler failed.";
                return (new Status(StatusCode.Unknown, detail), _context.TrailersOrEmpty);
        }
    }

    private static Metadata Join(Metadata first, Metadata second) => first.Count == 0 ? second : [.. first, .. second];

    // Kestrel limits a request's whole body and refuses slow ones. A stream of messages is as long and as slow as its sender likes;
    // what is limited is a message's size.
    private void LiftBodyLimits()
    {
        if (_http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (_http.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    private static TimeSpan? Timeout(HttpContext http, out bool malformed)
    {
        malformed = false;
        if (!http.Request.Headers.TryGetValue(HeaderNames.Timeout, out var text))
        {
            return null;
        }

        malformed = !TimeoutHeader.TryParse(text.ToString(), out TimeSpan timeout);
        return malformed ? null : timeout;
    }

    private string? Header(string name) => _http.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    private static RpcException Failure(string detail) => new(new Status(StatusCode.Internal, detail));
}

using Grpc.Core;
using VSwitch.Grpc.Client;

namespace Grpc.Net.Client;

/// <summary>
/// A channel over HTTP/2. It connects when a call needs it and again when a connection is lost; it never retries a call that a server
/// may have seen. One channel serves any number of calls and threads.
/// </summary>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly CancellationTokenSource _closed = new();

    private GrpcChannel(Uri address, GrpcChannelOptions options)
        : base(address.Authority)
    {
        if (options.Credentials is { } credentials && !string.Equals(credentials.Scheme, address.Scheme, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The channel's credentials need {credentials.Scheme}, but its address is {address}.");
        }

        Address = address;
        Options = options;
        _http = options.HttpHandler is null
            ? new HttpMessageInvoker(new SocketsHttpHandler { EnableMultipleHttp2Connections = true, UseCookies = false, AllowAutoRedirect = false })
            : new HttpMessageInvoker(options.HttpHandler, options.DisposeHttpClient);
    }

    internal Uri Address { get; }

    internal GrpcChannelOptions Options { get; }

    /// <summary>Fires when the channel is disposed.</summary>
    internal CancellationToken Closed => _closed.Token;

    /// <inheritdoc cref="ForAddress(string, GrpcChannelOptions)"/>
    public static GrpcChannel ForAddress(string address) => ForAddress(address, new GrpcChannelOptions());

    /// <summary>
    /// Makes a channel to <c>http://host:port</c> or <c>https://host:port</c>. It does not connect yet. Throws
    /// <see cref="UriFormatException"/> for another address.
    /// </summary>
    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions) =>
        ForAddress(new Uri(address, UriKind.Absolute), channelOptions);

    /// <inheritdoc cref="ForAddress(string, GrpcChannelOptions)"/>
    public static GrpcChannel ForAddress(Uri address) => ForAddress(address, new GrpcChannelOptions());

    /// <inheritdoc cref="ForAddress(string, GrpcChannelOptions)"/>
    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(channelOptions);
        return new GrpcChannel(address, channelOptions);
    }

    /// <inheritdoc/>
    public override CallInvoker CreateCallInvoker()
    {
        ThrowIfDisposed();
        return new HttpCallInvoker(this);
    }

    /// <summary>Closes the connections; calls under way end as cancelled.</summary>
    public void Dispose()
    {
        if (!_closed.IsCancellationRequested)
        {
            _closed.Cancel();
            _http.Dispose();
        }
    }

    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_closed.IsCancellationRequested, this);

    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _http.SendAsync(request, cancellationToken);

    /// <inheritdoc/>
    protected override Task ShutdownAsyncCore()
    {
        Dispose();
        return Task.CompletedTask;
    }
}

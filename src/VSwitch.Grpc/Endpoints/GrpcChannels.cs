using System.Net.Security;
using System.Net.Sockets;
using Grpc.Net.Client;

namespace VSwitch.Grpc;

/// <summary>Makes the channels of the product.</summary>
public static class GrpcChannels
{
    /// <summary>
    /// How long a connection with calls on it may be silent before it is asked for a sign of life, and how long the answer may take.
    /// A peer that is gone without a word is noticed after the sum.
    /// </summary>
    public static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(10);

    /// <inheritdoc cref="PingDelay"/>
    public static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The largest message that the product's clients take, and its supervisor from a VEM: a table of all addresses or a whole configuration.</summary>
    public const int MessageBytesMax = 64 * 1024 * 1024;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Makes a channel to an address: plain text, or TLS with those options, which name the client's certificate and what is trusted.
    /// It connects when the first call needs it.
    /// </summary>
    public static GrpcChannel Create(GrpcAddress address, SslClientAuthenticationOptions? tls = null) =>
        Create(address, tls, PingDelay, PingTimeout);

    internal static GrpcChannel Create(
        GrpcAddress address, SslClientAuthenticationOptions? tls, TimeSpan pingDelay, TimeSpan pingTimeout)
    {
        ArgumentNullException.ThrowIfNull(address);
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = (_, cancellationToken) => ConnectAsync(address, cancellationToken),
            ConnectTimeout = ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = pingDelay,
            KeepAlivePingTimeout = pingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        };
        if (tls is not null)
        {
            handler.SslOptions = tls;
        }

        var uri = new UriBuilder(tls is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps, address.Host, address.Port);
        return GrpcChannel.ForAddress(
            uri.Uri, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true, MaxReceiveMessageSize = MessageBytesMax });
    }

    private static async ValueTask<Stream> ConnectAsync(GrpcAddress address, CancellationToken cancellationToken)
    {
        Socket socket = address.SocketPath is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(address.ConnectEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

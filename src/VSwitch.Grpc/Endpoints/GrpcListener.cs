using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace VSwitch.Grpc;

/// <summary>Makes Kestrel listen for gRPC where the product wants it.</summary>
public static class GrpcListener
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int StreamCountMax = 256;

    /// <summary>
    /// Connections that a server has at most, silent ones among them; whoever comes then is hung up on. Each is a descriptor, and a process that
    /// has no more of them stands still or ends: half of the 1,024 that a login shell usually allows stay free for the rest.
    /// </summary>
    internal const int ConnectionCountMax = 512;

    /// <summary>
    /// Listens at an address for HTTP/2: plain text, or TLS if <paramref name="configure"/> calls UseHttps. May be called once per
    /// address. A unix socket gets its folder if there is none, has its permissions before anybody can connect, and replaces one that a dead
    /// server left behind; a live server's is left alone, and starting fails with an <see cref="IOException"/>. Throws <see cref="ArgumentException"/> for a host that is
    /// neither an address, <c>localhost</c> nor <c>*</c>.
    /// </summary>
    public static IWebHostBuilder ListenGrpc(
        this IWebHostBuilder builder, GrpcAddress address, Action<ListenOptions>? configure = null, UnixFileMode socketMode = OwnerOnly)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(address);
        void Configure(ListenOptions listen)
        {
            listen.Protocols = HttpProtocols.Http2;
            configure?.Invoke(listen);
        }

        builder.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            SetLimits(kestrel.Limits);
            switch (address)
            {
                case { SocketPath: { } path }:
                    kestrel.ListenUnixSocket(path, Configure);
                    break;
                case { Host: "*" }:
                    kestrel.ListenAnyIP(address.Port, Configure);
                    break;
                case { Host: "localhost" }:
                    kestrel.ListenLocalhost(address.Port, Configure);
                    break;
                default:
                    kestrel.Listen(ListenAddress(address), address.Port, Configure);
                    break;
            }
        });
        return address.SocketPath is null ? builder : builder.UseSockets(sockets => BindPrivately(sockets, address.SocketPath, socketMode));
    }

    // A stream may be silent for hours, so nothing that measures speed applies; the ping finds peers that are gone. What one peer may
    // hold is bounded by streams per connection times the window, and by each message's limit.
    private static void SetLimits(KestrelServerLimits limits)
    {
        limits.MaxConcurrentConnections = ConnectionCountMax;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.MaxRequestBodySize = null;
        limits.Http2.MaxStreamsPerConnection = StreamCountMax;
        limits.Http2.KeepAlivePingDelay = GrpcChannels.PingDelay;
        limits.Http2.KeepAlivePingTimeout = GrpcChannels.PingTimeout;
    }

    private static IPAddress ListenAddress(GrpcAddress address) =>
        IPAddress.TryParse(address.Host, out IPAddress? ip)
            ? ip
            : throw new ArgumentException($"A server cannot listen at '{address}': it takes an IP address, localhost or *.", nameof(address));

    private static void BindPrivately(SocketTransportOptions sockets, string path, UnixFileMode mode)
    {
        Func<EndPoint, Socket> bindOther = sockets.CreateBoundListenSocket;
        sockets.CreateBoundListenSocket = endPoint =>
        {
            if (endPoint is not UnixDomainSocketEndPoint || endPoint.ToString() != path)
            {
                return bindOther(endPoint);
            }

            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
                Directory.CreateDirectory(folder);
            RemoveDeadSocket(path, endPoint);
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                // Bound but not yet listening, the socket refuses everybody while its permissions are set.
                socket.Bind(endPoint);
#pragma warning disable CA1416 // The product runs on Linux.
                File.SetUnixFileMode(path, mode);
#pragma warning restore CA1416
                return socket;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        };
    }

    private static void RemoveDeadSocket(string path, EndPoint endPoint)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(endPoint);
            throw new IOException($"Another server answers at unix:{path}; each needs a socket of its own.");
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused && IsSocket(path))
        {
            File.Delete(path);
        }
        catch (SocketException)
        {
            // There is no such file, or none that this process may use; binding says which.
        }
    }

    // Connecting to an ordinary file is refused as well, and that file must not be deleted. Only a socket cannot be opened (ENXIO).
    private static bool IsSocket(string path)
    {
        try
        {
            File.OpenHandle(path).Dispose();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VSwitch.Grpc;

/// <summary>
/// Where a gRPC server is, in the two forms that configuration files and command lines use: <c>host:port</c> (an IPv6 address in
/// brackets; <c>*</c> for every address of a server) and <c>unix:PATH</c>.
/// </summary>
public sealed record GrpcAddress
{
    /// <summary>The longest path of a unix socket: sizeof(sun_path) without the zero at its end (unix(7)).</summary>
    public const int SocketPathBytesMax = 107;

    private const string UnixPrefix = "unix:";

    private GrpcAddress(string host, int port) => (Host, Port) = (host, port);

    private GrpcAddress(string socketPath) => (Host, SocketPath) = ("localhost", socketPath);

    /// <summary>The host's name or address, without brackets; <c>localhost</c> for a unix socket.</summary>
    public string Host { get; }

    /// <summary>The TCP port; 0 for a unix socket, or for a server that takes any port.</summary>
    public int Port { get; }

    /// <summary>The unix socket's path; null for TCP.</summary>
    public string? SocketPath { get; }

    /// <summary>Reads an address. Throws <see cref="FormatException"/>, which says what is wrong, for one that cannot be.</summary>
    public static GrpcAddress Parse(string text)
    {
        if (TryParse(text, out GrpcAddress? address))
            return address;
        throw new FormatException(IsTooLong(text)
            ? $"The path of the socket '{text[UnixPrefix.Length..]}' is too long; it has at most {SocketPathBytesMax} bytes."
            : $"'{text}' is not an address; it is HOST:PORT, such as 127.0.0.1:4785, or unix:PATH.");
    }

    /// <summary>Reads an address; false for one of neither form, or with a path that is too long.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out GrpcAddress? address)
    {
        ArgumentNullException.ThrowIfNull(text);
        address = null;
        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal))
        {
            string path = text[UnixPrefix.Length..];
            address = path.Length > 0 && !IsTooLong(text) ? new GrpcAddress(path) : null;
            return address is not null;
        }

        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? "" : text[..colon];
        bool bracketed = host.StartsWith('[') && host.EndsWith(']');
        host = bracketed ? host[1..^1] : host;
        if (host.Length == 0
            || host.Any(char.IsWhiteSpace)
            || host.Contains(':') != bracketed
            || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            return false;
        }

        address = new GrpcAddress(host, port);
        return true;
    }

    private static bool IsTooLong(string text) =>
        text.StartsWith(UnixPrefix, StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(text) - UnixPrefix.Length > SocketPathBytesMax;

    /// <summary>The address as it is written.</summary>
    public override string ToString() =>
        SocketPath is not null ? UnixPrefix + SocketPath
        : Host.Contains(':') ? string.Create(CultureInfo.InvariantCulture, $"[{Host}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>What a socket connects to.</summary>
    internal EndPoint ConnectEndPoint => SocketPath is null ? new DnsEndPoint(Host, Port) : new UnixDomainSocketEndPoint(SocketPath);
}

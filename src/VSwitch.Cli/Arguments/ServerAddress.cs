using System.Text;
using VSwitch.Grpc;
using VSwitch.Hosting;

namespace VSwitch.Cli.Arguments;

/// <summary>Reads where a server is.</summary>
internal static class ServerAddress
{
    /// <summary>sizeof(sun_path) without the zero at its end (unix(7)).</summary>
    private const int SocketPathBytesMax = 107;

    /// <exception cref="UsageException">It is no address, or none that can be.</exception>
    public static GrpcAddress Parse(string text)
    {
        if (!GrpcAddress.TryParse(text, out GrpcAddress? address))
            throw new UsageException($"'{text}' is not an address; it is HOST:PORT, such as 127.0.0.1:4785, or unix:PATH.");
        if (address.SocketPath is { } path && Encoding.UTF8.GetByteCount(path) > SocketPathBytesMax)
            throw new UsageException($"The path of the socket '{path}' is too long; it has at most {SocketPathBytesMax} bytes.");
        return address;
    }
}

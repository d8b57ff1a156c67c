using VSwitch.Grpc;
using VSwitch.Hosting;

namespace VSwitch.Cli.Arguments;

/// <summary>Reads where a server is.</summary>
internal static class ServerAddress
{
    /// <exception cref="UsageException">It is no address, or none that can be.</exception>
    public static GrpcAddress Parse(string text)
    {
        try
        {
            return GrpcAddress.Parse(text);
        }
        catch (FormatException exception)
        {
            throw new UsageException(exception.Message);
        }
    }
}

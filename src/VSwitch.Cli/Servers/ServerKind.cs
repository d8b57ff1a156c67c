using VSwitch.Grpc;

namespace VSwitch.Cli.Servers;

/// <summary>What sort of server is called, for the messages about one that is not there.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="StartCommand">How it is started so that it can be found at an address.</param>
internal sealed record ServerKind(string Name, Func<GrpcAddress, string> StartCommand)
{
    public static readonly ServerKind Vsm = new("VSM", address => $"vsm --listen {address}");

    public static readonly ServerKind Vem = new("VEM", address => $"vem --vsm ADDR --socket {address.SocketPath}");
}

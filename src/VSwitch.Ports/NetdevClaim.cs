using VSwitch.Linux;

namespace VSwitch.Ports;

/// <summary>
/// The right to be the one port at one side of a netdev. The kernel would let two processes open the same TAP or listen on the same
/// netdev, and each would get some of the frames or all of them twice. The claim is an abstract unix socket in the netdev's
/// network namespace (unix(7)): it needs no file, and is gone with the process however that ends. It is a
/// stream socket that does not listen, so that nobody can send it anything that its closing would have to wait for.
/// </summary>
internal sealed class NetdevClaim : IDisposable
{
    private readonly UnixSocket _socket;

    private NetdevClaim(UnixSocket socket) => _socket = socket;

    /// <summary>Claims a netdev of the calling thread's network namespace.</summary>
    /// <param name="side">A TAP has two: the user side, and the kernel side that a packet port meets.</param>
    /// <param name="name">The netdev's name.</param>
    /// <exception cref="PortException">It is a port already, of this process or another.</exception>
    public static NetdevClaim Take(PortKind side, string name) => UnixSocket.TryClaim($"vswitch-{side}-{name}") is { } socket
        ? new NetdevClaim(socket)
        : throw new PortException($"the netdev {name} is a port of a running VEM already; detach it there first");

    public void Dispose() => _socket.Dispose();
}

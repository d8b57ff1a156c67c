using System.Runtime.InteropServices;
using System.Text;
using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>
/// A unix stream socket (unix(7)). It never waits: a call that would is told apart by its result. Closing it twice is
/// allowed.
/// </summary>
public sealed unsafe class UnixSocket : IDisposable
{
    /// <summary>Bytes of a path at most: <c>sun_path</c> without the byte that ends it.</summary>
    public const int PathBytesMax = 107;

    /// <summary>Connections that wait to be accepted; the kernel lets in one more than it is told.</summary>
    private const int Backlog = 1;

    private const int Flags = socket_h.SOCK_STREAM | socket_h.SOCK_CLOEXEC | socket_h.SOCK_NONBLOCK;

    private readonly Descriptor _descriptor;

    private UnixSocket(Descriptor descriptor) => _descriptor = descriptor;

    public int Number => _descriptor.Number;

    /// <summary>
    /// Makes a socket file and listens there. A socket file that nobody listens on any more is replaced; anything else
    /// that has the name stays, and the call fails with EADDRINUSE.
    /// </summary>
    /// <param name="path"><see cref="PathBytesMax"/> in UTF-8 at most.</param>
    /// <param name="mode">Of the file, before anybody can connect; who may write it may connect.</param>
    public static UnixSocket Listen(string path, UnixFileMode mode)
    {
        RemoveStale(path);
        UnixSocket socket = Open();
        try
        {
            sockaddr_un address = Address(path);
            LinuxException.Check(socket_h.bind(socket.Number, &address, (uint)sizeof(sockaddr_un)), "bind " + path);
            File.SetUnixFileMode(path, mode);
            LinuxException.Check(socket_h.listen(socket.Number, Backlog), "listen on " + path);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects to whoever listens there.</summary>
    /// <returns>Null when it cannot be done now: no such file, nobody behind it, no right, too many before us.</returns>
    public static UnixSocket? TryConnect(string path)
    {
        int number = socket_h.socket(socket_h.AF_UNIX, Flags, 0);
        if (number < 0)
            return null;
        var socket = new UnixSocket(new Descriptor(number));
        if (socket.Connect(path) == 0)
            return socket;
        socket.Dispose();
        return null;
    }

    /// <summary>Takes the next connection of a listening socket; null when there is none.</summary>
    public UnixSocket? TryAccept()
    {
        int accepted = socket_h.accept4(Number, null, null, socket_h.SOCK_CLOEXEC | socket_h.SOCK_NONBLOCK);
        return accepted < 0 ? null : new UnixSocket(new Descriptor(accepted));
    }

    /// <summary>
    /// Sizes the queue towards the peer (SO_SNDBUF): what the peer has not read yet. Without CAP_NET_ADMIN it is held to
    /// the system's limit (net.core.wmem_max).
    /// </summary>
    public void SetSendBuffer(int bytes)
    {
        if (SetOption(socket_h.SO_SNDBUFFORCE, bytes) < 0)
            _ = SetOption(socket_h.SO_SNDBUF, bytes);
    }

    public void Dispose() => _descriptor.Dispose();

    private static UnixSocket Open() => new(Descriptor.From(socket_h.socket(socket_h.AF_UNIX, Flags, 0), "socket AF_UNIX"));

    private static sockaddr_un Address(string path)
    {
        sockaddr_un address = new() { sun_family = socket_h.AF_UNIX };
        Span<byte> name = address.sun_path;
        if (Encoding.UTF8.GetByteCount(path) > PathBytesMax)
            throw new LinuxException("the socket path " + path, Errno.ENAMETOOLONG);
        Encoding.UTF8.GetBytes(path, name);
        return address;
    }

    /// <summary>A listener whose queue is full says EAGAIN; only ECONNREFUSED means that there is none.</summary>
    private static void RemoveStale(string path)
    {
        if (!FileStatus.TryRead(path, out FileStatus status) || !status.IsSocket)
            return;
        using UnixSocket probe = Open();
        if (probe.Connect(path) == Errno.ECONNREFUSED)
            _ = unistd_h.unlink(path);
    }

    /// <returns>0, or the error number.</returns>
    private int Connect(string path)
    {
        sockaddr_un address = Address(path);
        int result = socket_h.connect(Number, &address, (uint)sizeof(sockaddr_un));
        return result == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    private int SetOption(int name, int value) => socket_h.setsockopt(Number, socket_h.SOL_SOCKET, name, &value, sizeof(int));
}

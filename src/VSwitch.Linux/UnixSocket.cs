using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>
/// A unix stream socket that carries file descriptors (unix(7)). It never waits: a call that would is told apart by its
/// result. Closing it twice is allowed.
/// </summary>
public sealed unsafe class UnixSocket : IDisposable
{
    /// <summary>
    /// Descriptors that one message can bring (SCM_MAX_FD in the kernel's net/scm.h). There is room for all of them: the kernel
    /// closes those that find none, and whoever receives waits for it.
    /// </summary>
    public const int DescriptorCountMax = 253;

    /// <summary>Bytes of a path at most: <c>sun_path</c> without the byte that ends it.</summary>
    public const int PathBytesMax = 107;

    /// <summary>Connections that wait to be accepted; the kernel lets in one more than it is told.</summary>
    private const int Backlog = 1;

    private const int Flags = socket_h.SOCK_STREAM | socket_h.SOCK_CLOEXEC | socket_h.SOCK_NONBLOCK;

    /// <summary>One control message; its data starts on an 8-byte boundary.</summary>
    private static readonly int ControlBytes = sizeof(cmsghdr) + DescriptorCountMax * sizeof(int);

    private readonly Descriptor _descriptor;

    /// <summary>
    /// Urgent bytes (MSG_OOB) come in their turn. The kernel would throw them away otherwise, and close their descriptors, while
    /// somebody receives.
    /// </summary>
    private UnixSocket(Descriptor descriptor)
    {
        _descriptor = descriptor;
        _ = SetOption(socket_h.SO_OOBINLINE, 1);
    }

    public int Number => _descriptor.Number;

    /// <summary>
    /// Makes a socket file and listens there. A socket file that nobody listens on any more is replaced; anything else
    /// that has the name stays, and the call fails with EADDRINUSE.
    /// </summary>
    /// <param name="path"><see cref="PathBytesMax"/> in UTF-8 at most.</param>
    /// <param name="mode">Of the file, before anybody can connect; who may write it may connect.</param>
    public static UnixSocket Listen(string path, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
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

    /// <summary>
    /// Takes a name in the abstract names of the calling thread's network namespace (unix(7)): it needs no file, and is free again when
    /// the socket is closed, however that comes. Nobody can connect to it.
    /// </summary>
    /// <param name="name"><see cref="PathBytesMax"/> in UTF-8 at most.</param>
    /// <returns>Null when somebody has it.</returns>
    public static UnixSocket? TryClaim(string name)
    {
        UnixSocket socket = Open();
        sockaddr_un address = Address("\0" + name);
        int result = socket_h.bind(socket.Number, &address, (uint)(sizeof(ushort) + 1 + Encoding.UTF8.GetByteCount(name)));
        if (result == 0)
            return socket;
        int error = Marshal.GetLastPInvokeError();
        socket.Dispose();
        return error == Errno.EADDRINUSE ? null : throw new LinuxException("bind the abstract name " + name, error);
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
    /// Receives bytes, and the descriptors that came with the first of them, which the caller then owns. Allocates nothing when none
    /// came.
    /// </summary>
    /// <returns>Bytes; 0 at the end; a negative error number, <c>-Errno.EAGAIN</c> when there is nothing now and
    /// <c>-Errno.EMSGSIZE</c> when not all descriptors could be taken: this process has as many as it may.</returns>
    [SkipLocalsInit]
    public int Receive(Span<byte> bytes, ICollection<Descriptor> descriptors)
    {
        byte* control = stackalloc byte[ControlBytes];
        fixed (byte* data = bytes)
        {
            iovec vector = new() { iov_base = data, iov_len = (nuint)bytes.Length };
            msghdr message = new()
            {
                msg_iov = &vector,
                msg_iovlen = 1,
                msg_control = control,
                msg_controllen = (nuint)ControlBytes,
            };
            nint received = socket_h.recvmsg(Number, &message, socket_h.MSG_CMSG_CLOEXEC);
            if (received < 0)
                return -Marshal.GetLastPInvokeError();
            TakeDescriptors(in message, descriptors);
            return (message.msg_flags & socket_h.MSG_CTRUNC) != 0 ? -Errno.EMSGSIZE : (int)received;
        }
    }

    /// <summary>Sends bytes and descriptors, which stay the caller's.</summary>
    /// <returns>Bytes sent, or a negative error number.</returns>
    public int Send(ReadOnlySpan<byte> bytes, params ReadOnlySpan<Descriptor> descriptors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Length, DescriptorCountMax, nameof(descriptors));
        byte* control = stackalloc byte[ControlBytes];
        fixed (byte* data = bytes)
        {
            iovec vector = new() { iov_base = data, iov_len = (nuint)bytes.Length };
            msghdr message = new() { msg_iov = &vector, msg_iovlen = 1 };
            if (descriptors.Length > 0)
                PutDescriptors(ref message, control, descriptors);
            nint sent = socket_h.sendmsg(Number, &message, socket_h.MSG_NOSIGNAL);
            return sent >= 0 ? (int)sent : -Marshal.GetLastPInvokeError();
        }
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

    /// <summary>
    /// Hangs up, or listens no more; the other end sees it at once. What is left is to close the socket, and that may wait: it closes
    /// the descriptors that nobody has received, too.
    /// </summary>
    public void Shutdown() => _ = socket_h.shutdown(Number, socket_h.SHUT_RDWR);

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
        if (!FileStatus.TryRead(path, out FileStatus status))
            return;
        if (!status.IsSocket)
            throw new LinuxException($"listen on {path}, which is there and no socket", Errno.EADDRINUSE);
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

    private static void TakeDescriptors(ref readonly msghdr message, ICollection<Descriptor> descriptors)
    {
        var control = (cmsghdr*)message.msg_control;
        if (message.msg_controllen < (nuint)sizeof(cmsghdr)
            || control->cmsg_level != socket_h.SOL_SOCKET
            || control->cmsg_type != socket_h.SCM_RIGHTS)
            return;
        int count = ((int)control->cmsg_len - sizeof(cmsghdr)) / sizeof(int);
        for (int i = 0; i < count; i++)
            descriptors.Add(new Descriptor(((int*)(control + 1))[i]));
    }

    private static void PutDescriptors(ref msghdr message, byte* control, ReadOnlySpan<Descriptor> descriptors)
    {
        var header = (cmsghdr*)control;
        header->cmsg_level = socket_h.SOL_SOCKET;
        header->cmsg_type = socket_h.SCM_RIGHTS;
        header->cmsg_len = (nuint)(sizeof(cmsghdr) + descriptors.Length * sizeof(int));
        for (int i = 0; i < descriptors.Length; i++)
            ((int*)(header + 1))[i] = descriptors[i].Number;
        message.msg_control = control;
        message.msg_controllen = (header->cmsg_len + 7) & ~(nuint)7;
    }
}

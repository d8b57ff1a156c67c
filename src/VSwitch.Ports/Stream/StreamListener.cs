using VSwitch.Linux;

namespace VSwitch.Ports;

/// <summary>
/// Listens on a socket file and lets in one peer at a time. The listening socket is in the epoll set only while there is
/// no connection: a second peer waits in the kernel until the first has gone, and wakes nobody.
/// </summary>
internal sealed class StreamListener : IStreamConnector
{
    /// <summary>Who may write the file may connect. Its group is the folder's, when that has the setgid bit.</summary>
    private const UnixFileMode SocketMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    private readonly string _path;
    private readonly Epoll _epoll;
    private readonly UnixSocket _socket;
    private readonly ulong _inode;

    /// <exception cref="LinuxException">There is no such folder, no right, or somebody listens there already.</exception>
    public StreamListener(string path, Epoll epoll)
    {
        _path = path;
        _epoll = epoll;
        _socket = UnixSocket.Listen(path, SocketMode);
        _inode = FileStatus.TryRead(path, out FileStatus status) ? status.Inode : 0;
    }

    public void Start()
    {
        while (_socket.TryAccept() is { } early)
            early.Dispose();
        Retry();
    }

    public UnixSocket? TryConnect()
    {
        UnixSocket? connection = _socket.TryAccept();
        if (connection is not null)
            Stop();
        return connection;
    }

    public void Approve()
    {
    }

    public void Retry() => _epoll.Add(_socket.Number, StreamReceiveQueue.EpollToken);

    public void Stop() => _epoll.Remove(_socket.Number);

    /// <summary>Removes the socket file too, unless somebody has put another in its place.</summary>
    public void Dispose()
    {
        if (FileStatus.TryRead(_path, out FileStatus status) && status.Inode == _inode)
            File.Delete(_path);
        _socket.Dispose();
    }
}

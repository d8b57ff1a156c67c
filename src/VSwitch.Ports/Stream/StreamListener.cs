using VSwitch.Linux;

namespace VSwitch.Ports;

/// <summary>
/// Listens on a socket file and lets in one peer at a time. The listening socket is in the epoll set only while there is
/// no connection: a second peer waits in the kernel until the first has gone, and wakes nobody.
/// </summary>
internal sealed class StreamListener : IStreamConnector
{
    private readonly Epoll _epoll;
    private readonly SocketFile _file;

    /// <exception cref="LinuxException">There is no such folder, no right, or somebody listens there already.</exception>
    public StreamListener(string path, Epoll epoll)
    {
        _epoll = epoll;
        _file = SocketFile.Listen(path);
    }

    public void Start(Closer closer)
    {
        while (_file.Listener.TryAccept() is { } early)
        {
            early.Shutdown();
            closer.Close(early);
        }
    }

    public void Wait() => _epoll.Add(_file.Listener.Number, StreamReceiveQueue.EpollToken);

    public UnixSocket? TryConnect()
    {
        UnixSocket? connection = _file.Listener.TryAccept();
        if (connection is not null)
            Stop();
        return connection;
    }

    public void Approve()
    {
    }

    public void Stop() => _epoll.Remove(_file.Listener.Number);

    public void Close(Closer closer) => _file.Close(closer);
}

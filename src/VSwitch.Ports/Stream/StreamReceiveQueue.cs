using VSwitch.Frames;
using VSwitch.Linux;

namespace VSwitch.Ports;

/// <summary>
/// The one queue of a stream port. Its worker also takes new connections and ends old ones, because it is the first to see
/// either.
/// <para>
/// Theory of operation. The queue has a connection or waits for one. What the worker is to be woken for is in an epoll
/// set of the queue's own, whose descriptor never changes: the connector while it waits, the connection while there is one;
/// the connection also when it becomes writable and half a frame waits to be sent. All of it is level-triggered, so arming
/// has nothing to do. A connection ends when its peer hangs up, announces a frame that cannot be or sends descriptors.
/// The worker shuts its socket down at once and closes nothing, because that may wait; the next connection is taken when the
/// <see cref="StreamDoor"/> is open again and no frame of the old one is lent.
/// </para>
/// </summary>
internal sealed class StreamReceiveQueue : IReceiveQueue, IDisposable
{
    /// <summary>Everything in the set means the same: look again.</summary>
    public const ulong EpollToken = 0;

    /// <summary>What the peer may leave unread: some 700 frames of 1,500 bytes.</summary>
    private const int SendBufferBytes = 1 << 20;

    private readonly Epoll _epoll;
    private readonly IStreamConnector _connector;
    private readonly StreamOutput _output;
    private readonly StreamBuffer _buffer = new();
    private readonly StreamDoor _door = new();
    private StreamConnection? _connection;
    private bool _isApproved;
    private bool _isWaiting;
    private bool _isStarted;
    private bool _isClosed;
    private volatile StreamFault _lastFault;

    public StreamReceiveQueue(Epoll epoll, IStreamConnector connector, StreamOutput output)
    {
        _epoll = epoll;
        _connector = connector;
        _output = output;
        _epoll.Add(_door.WaitHandle, EpollToken);
    }

    public int WaitHandle => _epoll.Number;

    /// <summary>Why the last connection ended.</summary>
    public StreamFault LastFault => _lastFault;

    /// <summary>Whether something that came from the last peer, or its socket, is not closed yet.</summary>
    public bool IsClosing => !_door.Closer.IsIdle;

    public int Receive(FrameBatch batch)
    {
        if (!_door.IsOpen || (_connection is null && !TryConnect()))
            return 0;

        int before = batch.Count;
        Lend(batch);
        if (batch.Count == before && TryFill())
            Lend(batch);
        if (_output.HasRemainder)
            _output.Flush();
        return batch.Count - before;
    }

    public void Release(FrameBatch batch) => _buffer.Release(batch);

    public bool Arm() => _connection is not null && _buffer.IsCutShort;

    public void Disarm()
    {
    }

    public void Start()
    {
        if (_isStarted || _isClosed)
            return;
        _isStarted = true;
        _connector.Start(_door.Closer);
        _door.Start();
    }

    public void Stop()
    {
        if (!_isStarted)
            return;
        _isStarted = false;
        _door.Stop();
        if (_connection is not null)
            HangUp(StreamFault.Stopped);
        _isWaiting = false;
        _connector.Stop();
    }

    public void Dispose()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _connector.Close(_door.Closer);
        _buffer.Dispose();
        _door.Dispose();
        _epoll.Dispose();
    }

    private bool TryConnect()
    {
        if (!_isWaiting && _door.TryEnter())
        {
            _isWaiting = true;
            _connector.Wait();
        }
        if (!_isWaiting || _buffer.IsLent)
            return false;
        _buffer.Clear();
        UnixSocket? socket = _connector.TryConnect();
        if (socket is null)
            return false;

        socket.SetSendBuffer(SendBufferBytes);
        _epoll.Add(socket.Number, EpollToken);
        _output.Attach(socket.Number);
        _connection = new StreamConnection(socket);
        _isApproved = false;
        return true;
    }

    private void Lend(FrameBatch batch)
    {
        if (!_buffer.TryLend(batch))
            HangUp(StreamFault.BadLength);
    }

    private bool TryFill()
    {
        if (_connection is null)
            return false;
        int bytes = _buffer.Fill(_connection);
        if (bytes > 0)
            Approve();
        else if (bytes is not (-Errno.EAGAIN or -Errno.EINTR))
            HangUp(Fault(bytes));
        return bytes > 0;
    }

    private void Approve()
    {
        if (_isApproved)
            return;
        _isApproved = true;
        _connector.Approve();
    }

    private static StreamFault Fault(int result) => result switch
    {
        0 or -Errno.ECONNRESET => StreamFault.Disconnected,
        -Errno.EMSGSIZE => StreamFault.Descriptors,
        _ => StreamFault.SocketError,
    };

    private void HangUp(StreamFault fault)
    {
        StreamConnection connection = _connection!;
        _connection = null;
        _lastFault = fault;
        _output.Detach();
        _epoll.Remove(connection.Number);
        connection.Shutdown();
        _isWaiting = false;
        _door.Shut(connection);
    }
}

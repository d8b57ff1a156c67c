using VSwitch.Linux;

namespace VSwitch.Ports;

/// <summary>
/// Says when a stream port lets the next peer in: it is started, and a <see cref="VSwitch.Ports.Closer"/> has closed all that the last
/// one left.
/// <code>
///   Stopped  nobody is let in                          Start: Open, or Closing while something is being closed
///   Open     the worker is told once, by an event      Shut: Closing;        Stop: Stopped
///   Closing  the next peer waits in the kernel         all is closed: Open;  Stop: Stopped
/// </code>
/// </summary>
internal sealed class StreamDoor : IDisposable
{
    /// <summary>Between the control loop and the closer's thread. The worker does not take it.</summary>
    private readonly Lock _lock = new();
    private readonly EventFd _opened = new();
    private bool _isStarted;
    private volatile bool _isOpen;

    public StreamDoor() => Closer = new Closer(Open);

    public Closer Closer { get; }

    /// <summary>Readable from when it opens until <see cref="TryEnter"/>.</summary>
    public int WaitHandle => _opened.Number;

    public bool IsOpen => _isOpen;

    public void Start()
    {
        lock (_lock)
        {
            _isStarted = true;
            Open();
        }
    }

    public void Stop()
    {
        lock (_lock)
        {
            _isStarted = false;
            _isOpen = false;
            _opened.Drain();
        }
    }

    /// <summary>The worker's, while it is open: whether it has opened since the last call.</summary>
    public bool TryEnter() => _opened.Drain();

    /// <summary>Lets nobody in before this is closed, too. The worker calls it once for each peer, and it does not wait.</summary>
    public void Shut(IDisposable last)
    {
        _isOpen = false;
        Closer.Close(last);
    }

    public void Dispose() => _opened.Dispose();

    private void Open()
    {
        lock (_lock)
        {
            if (!_isStarted || _isOpen || !Closer.IsIdle)
                return;
            _isOpen = true;
            _opened.Signal();
        }
    }
}

using VSwitch.Linux;

namespace VSwitch.Ports;

/// <summary>
/// Connects to the socket file on which the VM's side listens. A timer in the epoll set says when to try again: soon after
/// the first failure, then less and less often, so that a VM that is switched off costs next to nothing. A peer that
/// accepts and never sends a byte does not make it try more often.
/// </summary>
internal sealed class StreamDialer : IStreamConnector, IDisposable
{
    private const int FirstDelayMilliseconds = 1;
    private const int DelayMillisecondsMin = 250;
    private const int DelayMillisecondsMax = 4000;

    private readonly string _path;
    private readonly TimerFd _timer = new();
    private int _delayMilliseconds = FirstDelayMilliseconds;

    public StreamDialer(string path, Epoll epoll)
    {
        _path = path;
        epoll.Add(_timer.Number, StreamReceiveQueue.EpollToken);
    }

    public void Start(Closer closer) => _delayMilliseconds = FirstDelayMilliseconds;

    public void Wait()
    {
        _timer.Set(_delayMilliseconds);
        _delayMilliseconds = Math.Clamp(2 * _delayMilliseconds, DelayMillisecondsMin, DelayMillisecondsMax);
    }

    public UnixSocket? TryConnect()
    {
        if (!_timer.TryTake())
            return null;
        UnixSocket? connection = UnixSocket.TryConnect(_path);
        if (connection is null)
            Wait();
        return connection;
    }

    public void Approve() => _delayMilliseconds = DelayMillisecondsMin;

    public void Stop() => _timer.Cancel();

    public void Close(Closer closer) => Dispose();

    public void Dispose() => _timer.Dispose();
}

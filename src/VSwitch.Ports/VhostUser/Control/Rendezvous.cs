using System.Diagnostics;
using VSwitch.Linux;

namespace VSwitch.Ports.VhostUser;

/// <summary>
/// Where a port and its front ends meet: a unix socket that one of the two listens on. One front end at a time: while it is
/// there nobody else is let in, and afterwards the next one is. Belongs to whoever holds the port's lock.
/// </summary>
/// <param name="path">The socket.</param>
/// <param name="isClient">Whether the front end is the one that listens.</param>
internal sealed class Rendezvous(string path, bool isClient)
{
    private static readonly long RetryTicksMin = Stopwatch.Frequency / 20;
    private static readonly long RetryTicksMax = Stopwatch.Frequency;

    private readonly ControlThread _control = ControlThread.Shared;
    private SocketFile? _file;
    private ulong _watch;
    private long _dueTicks = long.MaxValue;
    private long _retryTicks;

    /// <summary>When <see cref="Meet"/> is to be called; the end of time while a front end is there.</summary>
    public long DueTicks => Volatile.Read(ref _dueTicks);

    /// <summary>Makes the socket, if it is ours to make, and lets the first front end in.</summary>
    /// <exception cref="LinuxException">Somebody else listens there, or the path is wrong.</exception>
    public void Open()
    {
        if (!isClient)
            _file = SocketFile.Listen(path);
    }

    /// <summary>Stops listening and takes the socket's file away, unless somebody has put another in its place.</summary>
    /// <param name="closer">Closes the socket, and with it the connections that nobody has let in.</param>
    public void Close(Closer closer)
    {
        if (_file is null)
            return;
        StopWatching(_file.Listener);
        _file.Close(closer);
    }

    /// <summary>
    /// Lets the next front end in, some time from now; as a client, not before the pause between two attempts, which grows with each.
    /// </summary>
    public void Await(long delayTicks)
    {
        Volatile.Write(ref _dueTicks, Stopwatch.GetTimestamp() + Math.Max(delayTicks, _retryTicks));
        _control.Wake();
    }

    /// <summary>Makes the pause short again: there was somebody to talk to, in order. That a connection was accepted does not say so.</summary>
    public void Relax() => _retryTicks = Math.Min(_retryTicks, RetryTicksMin);

    /// <summary>
    /// What is to be done at <see cref="DueTicks"/>: connects, or has the control thread call back when somebody does.
    /// </summary>
    /// <param name="onKnock">Called when somebody wants to be let in with <see cref="TryAccept"/>.</param>
    /// <returns>The connection, when there is one at once.</returns>
    /// <exception cref="LinuxException">There is something at the path that nobody can connect to.</exception>
    public UnixSocket? Meet(Action onKnock)
    {
        Volatile.Write(ref _dueTicks, long.MaxValue);
        if (_file is not null)
        {
            _watch = _control.Watch(_file.Listener.Number, onKnock);
            return null;
        }

        _retryTicks = Math.Clamp(2 * _retryTicks, RetryTicksMin, RetryTicksMax);
        Await(0);
        UnixSocket? socket = UnixSocket.TryConnect(path);
        if (socket is not null)
            Volatile.Write(ref _dueTicks, long.MaxValue);
        return socket;
    }

    /// <summary>Lets in who knocked, and nobody else until the next <see cref="Meet"/>.</summary>
    public UnixSocket? TryAccept()
    {
        UnixSocket? socket = _file?.Listener.TryAccept();
        if (socket is not null)
            StopWatching(_file!.Listener);
        return socket;
    }

    private void StopWatching(UnixSocket listener)
    {
        if (_watch != 0)
            _control.Unwatch(listener.Number, _watch);
        _watch = 0;
    }
}

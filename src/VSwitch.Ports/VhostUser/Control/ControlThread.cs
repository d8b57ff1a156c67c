using System.Collections.Concurrent;
using System.Diagnostics;
using VSwitch.Linux;

namespace VSwitch.Ports.VhostUser;

/// <summary>
/// The one thread that serves the control sockets of all vhost-user ports. It sleeps in epoll; what it calls must not
/// wait for anything but a worker that is about to end its batch. It is made with the first port and then stays.
/// </summary>
#pragma warning disable CA1001 // Lives as long as the process.
internal sealed class ControlThread
#pragma warning restore CA1001
{
    private const ulong WakeUpToken = 0;

    private static readonly Lazy<ControlThread> Lazy = new(() => new ControlThread());

    private readonly Epoll _epoll = new();
    private readonly EventFd _wakeUp = new();
    private readonly ConcurrentDictionary<ulong, Action> _watched = new();
    private readonly ConcurrentDictionary<IControlled, bool> _members = new();
    private readonly ulong[] _tokens = new ulong[Epoll.EventCountMax];
    private long _nextToken = (long)WakeUpToken;

    private ControlThread()
    {
        _epoll.Add(_wakeUp.Number, WakeUpToken);
        new Thread(Loop) { Name = "vhost-user", IsBackground = true }.Start();
    }

    public static ControlThread Shared => Lazy.Value;

    public void Join(IControlled member) => _members[member] = true;

    public void Quit(IControlled member) => _members.TryRemove(member, out _);

    /// <summary>Calls an action on the thread whenever a descriptor is readable or its other end is gone.</summary>
    /// <returns>A token for <see cref="Unwatch"/>.</returns>
    public ulong Watch(int descriptor, Action onReady)
    {
        ulong token = (ulong)Interlocked.Increment(ref _nextToken);
        _watched[token] = onReady;
        _epoll.Add(descriptor, token);
        return token;
    }

    public void Unwatch(int descriptor, ulong token)
    {
        _epoll.Remove(descriptor);
        _watched.TryRemove(token, out _);
    }

    /// <summary>Lets the thread look after its members now. A worker may call it.</summary>
    public void Wake() => _wakeUp.Signal();

    private void Loop()
    {
        while (true)
        {
            int count = _epoll.Wait(_tokens, NextMilliseconds());
            for (int i = 0; i < count; i++)
            {
                if (_tokens[i] == WakeUpToken)
                    _wakeUp.Drain();
                else if (_watched.TryGetValue(_tokens[i], out Action? onReady))
                    onReady();
            }
            foreach (IControlled member in _members.Keys)
                member.LookAfter();
        }
    }

    /// <summary>How long to sleep until a member has something to do.</summary>
    private int NextMilliseconds()
    {
        const int forever = -1;
        long next = long.MaxValue;
        foreach (IControlled member in _members.Keys)
            next = Math.Min(next, member.DueTicks);
        if (next == long.MaxValue)
            return forever;
        long left = (next - Stopwatch.GetTimestamp()) * 1000 / Stopwatch.Frequency;
        return (int)Math.Clamp(left + 1, 0, int.MaxValue);
    }
}

/// <summary>What the control thread looks after.</summary>
internal interface IControlled
{
    /// <summary>When it has something to do by itself, in ticks of <see cref="Stopwatch"/>; the end of time if never.</summary>
    long DueTicks { get; }

    /// <summary>Does what is due. Called after every wake-up of the thread.</summary>
    void LookAfter();
}

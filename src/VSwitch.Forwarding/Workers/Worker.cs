using System.Collections.Concurrent;
using System.Diagnostics;
using VSwitch.Linux;
using VSwitch.Ports;

namespace VSwitch.Forwarding;

/// <summary>
/// A pinned thread that owns the receive side of some port queues and takes their frames through the switch.
///
/// Theory of operation. A queue is awake or asleep. The worker polls the queues that are awake, one batch each in turn.
/// A queue that has had nothing for <see cref="AwakeTicks"/> is armed and put to sleep in epoll; its wake-up puts it
/// back. While some queues are awake, epoll is asked without waiting every <see cref="GlanceTicks"/>; when none is, the
/// thread sleeps in it. Idle ports so cost nothing, and a loaded port costs no wake-ups. A busy worker lets no queue sleep.
///
/// Everything else that must happen between two batches (adding a queue, taking one away, waiting until no batch uses
/// an old snapshot) is an action that the control loop hands in with <see cref="Run"/>. The worker itself allocates
/// nothing, takes no lock and never waits while there is traffic.
/// </summary>
public sealed class Worker : IDisposable
{
    private static readonly long AwakeTicks = Stopwatch.Frequency / 20_000;    // 50 microseconds
    private static readonly long GlanceTicks = Stopwatch.Frequency / 50_000;   // 20 microseconds

    private const ulong WakeUpToken = 0;
    private const int WaitForever = -1;

    private readonly Switch _switch;
    private readonly int _cpu;
    private readonly bool _isBusy;
    private readonly Pass _pass;
    private readonly Thread _thread;
    private readonly Epoll _epoll = new();
    private readonly EventFd _wakeUp = new();
    private readonly ConcurrentQueue<Action> _actions = new();
    private readonly List<PolledQueue> _queues = [];
    private readonly ulong[] _events = new ulong[Epoll.EventCountMax];
    private PolledQueue[] _awake = [];
    private int _awakeCount;
    private ulong _nextToken = WakeUpToken + 1;
    private long _busyTicks;
    private volatile bool _hasActions;
    private volatile bool _stopping;

    /// <param name="owner">Whose snapshots it forwards by.</param>
    /// <param name="index">Zero-based; the port lanes of this index are the worker's.</param>
    /// <param name="cpu">The processor to run on, or -1 for any.</param>
    /// <param name="isBusy">Never lets a queue sleep: the processor is the worker's, idle or not.</param>
    internal Worker(Switch owner, int index, int cpu, bool isBusy)
    {
        _switch = owner;
        _cpu = cpu;
        _isBusy = isBusy;
        Index = index;
        _pass = new Pass(index, owner.MacTable);
        _epoll.Add(_wakeUp.Number, WakeUpToken);
        _thread = new Thread(Loop) { Name = $"worker-{index}", IsBackground = true };
    }

    public int Index { get; }

    public AccessListCounters AccessListCounters => _pass.AccessListCounters;

    public StepTimes StepTimes => _pass.StepTimes;

    /// <summary>How long it has had frames in its hands, in ticks of <see cref="Stopwatch"/>.</summary>
    public long BusyTicks => Volatile.Read(ref _busyTicks);

    public void Start() => _thread.Start();

    /// <summary>Runs an action on the worker's thread between two batches and waits until it has run.</summary>
    public void Run(Action action)
    {
        using var done = new ManualResetEventSlim();
        Exception? failure = null;
        _actions.Enqueue(() =>
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
            finally
            {
                done.Set();
            }
        });
        _hasActions = true;
        _wakeUp.Signal();
        done.Wait();
        if (failure is not null)
            throw new InvalidOperationException($"An action on worker {Index} failed: {failure.Message}", failure);
    }

    /// <summary>Starts polling a port's queue.</summary>
    public void Add(SwitchPort port, IReceiveQueue queue) => Run(() =>
    {
        var polled = new PolledQueue(port, queue, _nextToken++);
        _queues.Add(polled);
        Array.Resize(ref _awake, _queues.Count);
        if (queue.WaitHandle >= 0)
            _epoll.AddSilent(queue.WaitHandle, polled.Token);
        Wake(polled);
    });

    /// <summary>Stops polling a port's queues; when this returns no frame of theirs is in the worker's hands.</summary>
    public void Remove(SwitchPort port) => Run(() =>
    {
        foreach (PolledQueue polled in _queues.Where(polled => polled.Port == port).ToArray())
        {
            if (polled.IsAwake)
                PutAside(polled);
            if (polled.Queue.WaitHandle >= 0)
                _epoll.Remove(polled.Queue.WaitHandle);
            _queues.Remove(polled);
        }
    });

    /// <summary>Ends the thread after the batch in hand.</summary>
    public void Dispose()
    {
        _stopping = true;
        _wakeUp.Signal();
        if (_thread.IsAlive)
            _thread.Join();
        _pass.Dispose();
        _epoll.Dispose();
        _wakeUp.Dispose();
    }

    private void Loop()
    {
        if (_cpu >= 0)
            Affinity.BindThread(_cpu);
        long before = 0;
        long glanced = 0;
        bool hadFrames = false;
        while (!_stopping)
        {
            if (_hasActions)
                RunActions();

            long now = Stopwatch.GetTimestamp();
            if (hadFrames)
                Volatile.Write(ref _busyTicks, _busyTicks + now - before);
            before = now;
            hadFrames = PollAwake(now);

            if (_awakeCount == 0)
                WakeReady(waitForever: true);
            else if (now - glanced > GlanceTicks)
            {
                WakeReady(waitForever: false);
                glanced = now;
            }
        }
        IoRing.CloseOfThread();
    }

    /// <summary>Gives every queue that is awake its turn.</summary>
    /// <returns>Whether one of them had frames.</returns>
    private bool PollAwake(long now)
    {
        bool hadFrames = false;
        SwitchSnapshot snapshot = _switch.Snapshot;
        uint nowSeconds = (uint)(now / Stopwatch.Frequency);
        for (int i = _awakeCount - 1; i >= 0; i--)
        {
            PolledQueue polled = _awake[i];
            if (snapshot.Port(polled.Port.Index) is { } ingress && _pass.Run(snapshot, ingress, polled.Queue, nowSeconds) > 0)
            {
                polled.LastBusy = now;
                hadFrames = true;
            }
            else if (!_isBusy && now - polled.LastBusy > AwakeTicks && polled.Queue.WaitHandle >= 0)
                Sleep(polled);
        }
        return hadFrames;
    }

    private void WakeReady(bool waitForever)
    {
        int count = _epoll.Wait(_events, waitForever ? WaitForever : 0);
        for (int i = 0; i < count; i++)
        {
            if (_events[i] == WakeUpToken)
                _wakeUp.Drain();
            else if (Find(_events[i]) is { } polled)
                Wake(polled);
        }
    }

    private PolledQueue? Find(ulong token)
    {
        foreach (PolledQueue polled in _queues)
        {
            if (polled.Token == token)
                return polled;
        }
        return null;
    }

    private void Wake(PolledQueue polled)
    {
        if (polled.IsAwake)
            return;
        polled.Queue.Disarm();
        polled.IsAwake = true;
        polled.LastBusy = Stopwatch.GetTimestamp();
        _awake[_awakeCount++] = polled;
    }

    private void Sleep(PolledQueue polled)
    {
        if (polled.Queue.Arm())
            return;
        PutAside(polled);
        _epoll.Arm(polled.Queue.WaitHandle, polled.Token);
    }

    private void PutAside(PolledQueue polled)
    {
        int place = Array.IndexOf(_awake, polled, 0, _awakeCount);
        _awake[place] = _awake[--_awakeCount];
        polled.IsAwake = false;
    }

    private void RunActions()
    {
        _hasActions = false;
        while (_actions.TryDequeue(out Action? action))
            action();
    }

    private sealed class PolledQueue(SwitchPort port, IReceiveQueue queue, ulong token)
    {
        public readonly SwitchPort Port = port;
        public readonly IReceiveQueue Queue = queue;
        public readonly ulong Token = token;
        public bool IsAwake;
        public long LastBusy;
    }
}

using System.Diagnostics;

namespace VSwitch.Grpc.Wire;

/// <summary>
/// How long a call may live. Its token fires when one of the outer tokens does, when the deadline passes, or on
/// <see cref="Cancel"/>. Whoever sees the token fire asks <see cref="DeadlineReached"/> which it was.
/// </summary>
internal sealed class CallLifetime : IDisposable
{
    // A timer cannot wait longer (Timer, dueTime); such a deadline is decades away and never fires.
    private static readonly TimeSpan TimerMax = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration[] _outer;
    private readonly Timer? _timer;
    private readonly TimeSpan _timeout;
    private readonly long _started = Stopwatch.GetTimestamp();
    private volatile bool _deadlineReached;

    /// <summary>Starts the clock. A timeout of null is none; one of zero has passed.</summary>
    public CallLifetime(TimeSpan? timeout, params ReadOnlySpan<CancellationToken> outer)
    {
        DateTime now = DateTime.UtcNow;
        _timeout = timeout ?? TimeSpan.MaxValue;
        Deadline = timeout is null || timeout > DateTime.MaxValue - now ? DateTime.MaxValue : now + timeout.Value;
        if (timeout <= TimeSpan.Zero)
        {
            ReachDeadline();
        }
        else if (timeout <= TimerMax)
        {
            _timer = new Timer(static lifetime => ((CallLifetime)lifetime!).OnTimer(), this, timeout.Value, Timeout.InfiniteTimeSpan);
        }

        _outer = new CancellationTokenRegistration[outer.Length];
        for (int index = 0; index < outer.Length; index++)
        {
            _outer[index] = outer[index].UnsafeRegister(static lifetime => ((CallLifetime)lifetime!).Cancel(), this);
        }
    }

    /// <summary>When the call is given up, in UTC; <see cref="DateTime.MaxValue"/> if never.</summary>
    public DateTime Deadline { get; }

    /// <summary>Fires at the end of the call's life.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Whether the deadline ended the call's life.</summary>
    public bool DeadlineReached => _deadlineReached;

    /// <summary>Ends the call's life.</summary>
    public void Cancel() => _source.Cancel();

    /// <summary>
    /// Stops the clock and lets go of the outer tokens. The token itself stays usable, because a handler or a read may still hold
    /// it: without timer and outer tokens the source owns nothing that needs disposing.
    /// </summary>
    public void Dispose()
    {
        _timer?.Dispose();
        foreach (CancellationTokenRegistration registration in _outer)
        {
            registration.Unregister();
        }
    }

    // Timers run on a coarse clock and may fire some milliseconds early, when Deadline would still say that there is time.
    private void OnTimer()
    {
        TimeSpan left = _timeout - Stopwatch.GetElapsedTime(_started);
        if (left > TimeSpan.Zero)
        {
            _timer!.Change((int)Math.Ceiling(left.TotalMilliseconds), Timeout.Infinite);
        }
        else
        {
            ReachDeadline();
        }
    }

    private void ReachDeadline()
    {
        // The flag says that the deadline came first, so a call that was cancelled before keeps its reason.
        _deadlineReached = !_source.IsCancellationRequested;
        _source.Cancel();
    }
}

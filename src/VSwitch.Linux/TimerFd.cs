using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>A time to wait for that a descriptor carries (timerfd_create(2)). Allocates nothing once made.</summary>
public sealed unsafe class TimerFd : IDisposable
{
    private readonly Descriptor _descriptor = Descriptor.From(
        timerfd_h.timerfd_create(time_h.CLOCK_MONOTONIC, timerfd_h.TFD_CLOEXEC | timerfd_h.TFD_NONBLOCK), "timerfd_create");

    public int Number => _descriptor.Number;

    /// <summary>Makes the descriptor readable in so many milliseconds from now, once. A time set before is forgotten.</summary>
    /// <param name="milliseconds">1 at least.</param>
    public void Set(int milliseconds)
    {
        itimerspec value = default;
        value.it_value.tv_sec = milliseconds / 1000;
        value.it_value.tv_nsec = milliseconds % 1000 * 1_000_000;
        _ = timerfd_h.timerfd_settime(Number, 0, &value, null);
    }

    /// <summary>Forgets the time that was set and makes the descriptor unreadable.</summary>
    public void Cancel()
    {
        itimerspec none = default;
        _ = timerfd_h.timerfd_settime(Number, 0, &none, null);
    }

    /// <summary>Whether the time has come, once for each time that was set. Makes the descriptor unreadable.</summary>
    public bool TryTake()
    {
        ulong expirations;
        return unistd_h.read(Number, &expirations, sizeof(ulong)) == sizeof(ulong);
    }

    public void Dispose() => _descriptor.Dispose();
}

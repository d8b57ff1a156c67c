using System.Runtime.InteropServices;

namespace VSwitch.Linux.Headers;

[Header("sys/timerfd.h")]
internal static unsafe partial class timerfd_h
{
    public const int TFD_CLOEXEC = 0x80000;
    public const int TFD_NONBLOCK = 0x800;

    [LibraryImport("libc", SetLastError = true)]
    public static partial int timerfd_create(int clock, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int timerfd_settime(int fd, int flags, itimerspec* value, itimerspec* old);
}

[Header("time.h")]
internal static class time_h
{
    public const int CLOCK_MONOTONIC = 1;
}

[Header("time.h")]
internal struct timespec
{
    public nint tv_sec;
    public nint tv_nsec;
}

[Header("time.h")]
internal struct itimerspec
{
    public timespec it_interval;
    public timespec it_value;
}

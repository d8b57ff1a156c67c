using System.Runtime.InteropServices;

namespace VSwitch.Linux.Headers;

[Header("sched.h")]
internal static unsafe partial class sched_h
{
    public const int CLONE_NEWNET = 0x40000000;
    public const int CPU_SETSIZE = 1024;

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setns(int fd, int type);

    /// <summary>Thread 0 is the calling one.</summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int sched_setaffinity(int thread, nuint maskBytes, void* mask);

    /// <inheritdoc cref="sched_setaffinity"/>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int sched_getaffinity(int thread, nuint maskBytes, void* mask);
}

using System.Runtime.InteropServices;

namespace VSwitch.Linux.Headers;

[Header("sys/resource.h")]
internal static unsafe partial class resource_h
{
    public const int RLIMIT_NOFILE = 7;

    [LibraryImport("libc", SetLastError = true)]
    public static partial int getrlimit(int resource, rlimit* limit);
}

[Header("sys/resource.h")]
internal struct rlimit
{
    public ulong rlim_cur;
    public ulong rlim_max;
}

using System.Runtime.InteropServices;

namespace VSwitch.Linux.Headers;

[Header("poll.h")]
internal static unsafe partial class poll_h
{
    public const short POLLIN = 1;

    [LibraryImport("libc", SetLastError = true)]
    public static partial int poll(pollfd* descriptors, ulong count, int milliseconds);
}

[Header("poll.h")]
internal struct pollfd
{
    public int fd;
    public short events;
    public short revents;
}

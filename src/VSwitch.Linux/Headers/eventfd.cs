using System.Runtime.InteropServices;

namespace VSwitch.Linux.Headers;

[Header("sys/eventfd.h")]
internal static partial class eventfd_h
{
    public const int EFD_CLOEXEC = 0x80000;
    public const int EFD_NONBLOCK = 0x800;

    [LibraryImport("libc", SetLastError = true)]
    public static partial int eventfd(uint initial, int flags);
}

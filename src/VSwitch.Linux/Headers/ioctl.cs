using System.Runtime.InteropServices;

namespace VSwitch.Linux.Headers;

[Header("sys/ioctl.h")]
internal static unsafe partial class ioctl_h
{
    public const uint SIOCGIFHWADDR = 0x8927;
    public const uint SIOCSIFHWADDR = 0x8924;

    /// <summary>
    /// The C function takes its third argument as a variadic one, which both x86-64 and arm64 Linux pass like any other.
    /// </summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int ioctl(int fd, nuint request, void* argument);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int ioctl(int fd, nuint request, nint argument);
}

using System.Runtime.InteropServices;

namespace VSwitch.Linux.Headers;

/// <summary>
/// System calls by number: those of x86-64, or of asm-generic/unistd.h, which other processors share. libc's own read and write
/// are points at which a thread can be cancelled, which costs atomic writes before and after each in a process with threads.
/// </summary>
[Header("sys/syscall.h")]
internal static unsafe partial class syscall_h
{
    public static readonly int SYS_read = IsX64 ? 0 : 63;
    public static readonly int SYS_write = IsX64 ? 1 : 64;
    public static readonly int SYS_writev = IsX64 ? 20 : 66;

    private static bool IsX64 => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>A call of three arguments. The error number is in errno, for the caller to take at once.</summary>
    [LibraryImport("libc")]
    public static partial nint syscall(nint number, nint fd, void* data, nint count);
}

using System.Runtime.InteropServices;

namespace VSwitch.Linux.Headers;

[Header("malloc.h")]
internal static partial class malloc_h
{
    public const int M_TRIM_THRESHOLD = -1;
    public const int M_MMAP_THRESHOLD = -3;
    public const int M_ARENA_MAX = -8;

    /// <summary>Returns 1, or 0 for an option that is not known.</summary>
    [LibraryImport("libc")]
    public static partial int mallopt(int option, int value);
}

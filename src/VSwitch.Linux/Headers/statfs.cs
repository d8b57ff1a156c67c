using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VSwitch.Linux.Headers;

[Header("sys/vfs.h")]
internal static unsafe partial class vfs_h
{
    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    public static partial int fstatfs(int fd, statfs_struct* status);
}

/// <summary>The file system's type, and the other 112 bytes that the kernel fills in on 64-bit machines.</summary>
[Header("sys/vfs.h")]
[CName("struct statfs")]
internal struct statfs_struct
{
    public long f_type;
    [CName("")]
    public rest_bytes rest;

    [InlineArray(112)]
    internal struct rest_bytes
    {
        private byte _first;
    }
}

[Header("linux/magic.h")]
internal static class magic_h
{
    public const long NSFS_MAGIC = 0x6e736673;
    public const long HUGETLBFS_MAGIC = 0x958458f6;
}

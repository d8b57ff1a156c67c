using System.Runtime.InteropServices;

namespace VSwitch.Linux.Headers;

[Header("sys/uio.h")]
internal static unsafe partial class uio_h
{
    /// <summary>Segments of one call at most.</summary>
    [CName("__IOV_MAX")]
    public const int UIO_MAXIOV = 1024;

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint readv(int fd, iovec* vectors, int count);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint writev(int fd, iovec* vectors, int count);
}

[Header("sys/uio.h")]
internal unsafe struct iovec
{
    public void* iov_base;
    public nuint iov_len;
}

using System.Runtime.InteropServices;

namespace VSwitch.Linux.Headers;

[Header("sys/uio.h")]
internal static unsafe partial class uio_h
{
    [LibraryImport("libc", SetLastError = true)]
    public static partial nint writev(int fd, iovec* vectors, int count);
}

[Header("sys/uio.h")]
internal unsafe struct iovec
{
    public void* iov_base;
    public nuint iov_len;
}

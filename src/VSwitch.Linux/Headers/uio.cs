namespace VSwitch.Linux.Headers;

[Header("sys/uio.h")]
internal unsafe struct iovec
{
    public void* iov_base;
    public nuint iov_len;
}

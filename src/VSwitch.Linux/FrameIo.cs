using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>
/// Reading and writing on the data path: no exception, no allocation. Each call returns bytes, or a negative error
/// number as the kernel itself does (<c>-Errno.EAGAIN</c>).
/// </summary>
public static unsafe class FrameIo
{
    /// <summary>Segments that one call takes at most (UIO_MAXIOV of linux/uio.h).</summary>
    public const int SegmentCountMax = 1024;

    /// <summary>read(2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(int descriptor, void* buffer, int bytes) =>
        Call(syscall_h.SYS_read, descriptor, buffer, bytes);

    /// <summary>recv(2), without waiting.</summary>
    /// <returns>The message's length, which is more than <paramref name="bytes"/> when it was cut.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Receive(int descriptor, void* buffer, int bytes)
    {
        nint result = socket_h.recv(descriptor, buffer, (nuint)bytes, socket_h.MSG_DONTWAIT | socket_h.MSG_TRUNC);
        return result >= 0 ? (int)result : -Marshal.GetLastPInvokeError();
    }

    /// <summary>write(2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(int descriptor, void* buffer, int bytes) =>
        Call(syscall_h.SYS_write, descriptor, buffer, bytes);

    /// <summary>writev(2).</summary>
    /// <param name="descriptor">Where to write.</param>
    /// <param name="segments"><paramref name="count"/> pairs of an address and a length, laid out as <c>struct iovec</c>.</param>
    /// <param name="count">1,024 at most.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WriteV(int descriptor, void* segments, int count) =>
        Call(syscall_h.SYS_writev, descriptor, segments, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Call(int number, int descriptor, void* data, int count)
    {
        nint result = syscall_h.syscall(number, descriptor, data, count);
        return result >= 0 ? (int)result : -Marshal.GetLastSystemError();
    }

    /// <summary>sendmsg(2) into a stream, without waiting and without a signal when nobody reads any more.</summary>
    /// <param name="descriptor">Where to write.</param>
    /// <param name="segments"><paramref name="count"/> pairs of an address and a length, laid out as <c>struct iovec</c>.</param>
    /// <param name="count"><see cref="SegmentCountMax"/> at most.</param>
    /// <returns>Bytes that the kernel took, from the front; it may have taken only a part.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SendV(int descriptor, void* segments, int count)
    {
        msghdr message = new() { msg_iov = (iovec*)segments, msg_iovlen = (nuint)count };
        nint result = socket_h.sendmsg(descriptor, &message, socket_h.MSG_DONTWAIT | socket_h.MSG_NOSIGNAL);
        return result >= 0 ? (int)result : -Marshal.GetLastPInvokeError();
    }
}

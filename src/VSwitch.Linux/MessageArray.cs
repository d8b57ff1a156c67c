using System.Runtime.InteropServices;
using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>
/// Messages to send with few calls (sendmmsg(2)), each a list of segments that its owner keeps. Native memory, taken once.
/// </summary>
public sealed unsafe class MessageArray : IDisposable
{
    private readonly int _capacity;
    private mmsghdr* _messages;

    public MessageArray(int capacity)
    {
        _capacity = capacity;
        _messages = (mmsghdr*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)sizeof(mmsghdr));
    }

    /// <param name="index">Which message.</param>
    /// <param name="segments"><paramref name="count"/> pairs of an address and a length, laid out as <c>struct iovec</c>.</param>
    /// <param name="count">1,024 at most.</param>
    public void Set(int index, void* segments, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_capacity, nameof(index));
        _messages[index].msg_hdr.msg_iov = (iovec*)segments;
        _messages[index].msg_hdr.msg_iovlen = (nuint)count;
    }

    /// <summary>Sends messages without waiting, in order, until one is refused.</summary>
    /// <returns>Messages sent; when the first was refused, a negative error number.</returns>
    public int Send(int descriptor, int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)(first + count), (uint)_capacity, nameof(count));
        int sent = socket_h.sendmmsg(descriptor, _messages + first, (uint)count, socket_h.MSG_DONTWAIT);
        return sent >= 0 ? sent : -Marshal.GetLastPInvokeError();
    }

    public void Dispose()
    {
        NativeMemory.Free(_messages);
        _messages = null;
    }
}

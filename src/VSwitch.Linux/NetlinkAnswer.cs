using System.Runtime.InteropServices;
using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>One message that the kernel sent: its type and what follows the header.</summary>
internal readonly record struct NetlinkAnswer(ushort Type, uint Sequence, ReadOnlyMemory<byte> Body)
{
    /// <summary>For NLMSG_ERROR: 0, or the error number as a positive one.</summary>
    public int Error => Body.Length < sizeof(int) ? Errno.EIO : -MemoryMarshal.Read<int>(Body.Span);
}

/// <summary>Walks the messages of one datagram; a length that does not fit ends the walk.</summary>
internal readonly unsafe struct NetlinkAnswers(ReadOnlyMemory<byte> datagram)
{
    public IEnumerator<NetlinkAnswer> GetEnumerator()
    {
        ReadOnlyMemory<byte> rest = datagram;
        while (TryRead(rest, out NetlinkAnswer answer, out int length))
        {
            yield return answer;
            rest = rest[Math.Min(NetlinkMessage.Align(length), rest.Length)..];
        }
    }

    private static bool TryRead(ReadOnlyMemory<byte> bytes, out NetlinkAnswer answer, out int length)
    {
        answer = default;
        length = 0;
        if (bytes.Length < sizeof(nlmsghdr))
            return false;
        nlmsghdr header = MemoryMarshal.Read<nlmsghdr>(bytes.Span);
        if (header.nlmsg_len < sizeof(nlmsghdr) || header.nlmsg_len > bytes.Length)
            return false;
        length = (int)header.nlmsg_len;
        answer = new NetlinkAnswer(header.nlmsg_type, header.nlmsg_seq, bytes[sizeof(nlmsghdr)..length]);
        return true;
    }
}

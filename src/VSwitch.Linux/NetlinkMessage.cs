using System.Runtime.InteropServices;
using System.Text;
using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>
/// A netlink request in the making: <c>nlmsghdr</c>, one fixed struct, then attributes of type, length and value, each
/// padded to four bytes (linux/netlink.h). Numbers are in host order.
/// </summary>
internal sealed unsafe class NetlinkMessage
{
    private const int CapacityBytes = 512;

    private readonly byte[] _bytes = new byte[CapacityBytes];
    private int _length = sizeof(nlmsghdr);

    public NetlinkMessage(ushort type, ushort flags)
    {
        Header.nlmsg_type = type;
        Header.nlmsg_flags = (ushort)(flags | netlink_h.NLM_F_REQUEST | netlink_h.NLM_F_ACK);
    }

    private ref nlmsghdr Header => ref MemoryMarshal.AsRef<nlmsghdr>(_bytes.AsSpan());

    /// <summary>Appends the struct that every message of this type starts with.</summary>
    public void Append<T>(T body) where T : unmanaged => MemoryMarshal.Write(Take(sizeof(T)), body);

    public void AppendUInt32(ushort type, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        MemoryMarshal.Write(bytes, value);
        AppendBytes(type, bytes);
    }

    /// <summary>Appends text and its terminating zero.</summary>
    public void AppendString(ushort type, string value) => AppendBytes(type, Encoding.UTF8.GetBytes(value + '\0'));

    public void AppendBytes(ushort type, ReadOnlySpan<byte> value)
    {
        Append(new nlattr { nla_len = (ushort)(sizeof(nlattr) + value.Length), nla_type = type });
        value.CopyTo(Take(value.Length));
    }

    /// <summary>Appends attributes inside one attribute.</summary>
    public void AppendNested(ushort type, Action<NetlinkMessage> inner)
    {
        int start = _length;
        Append(new nlattr { nla_type = type });
        inner(this);
        MemoryMarshal.AsRef<nlattr>(_bytes.AsSpan(start)).nla_len = (ushort)(_length - start);
    }

    public ReadOnlySpan<byte> Finish(uint sequence)
    {
        Header.nlmsg_len = (uint)_length;
        Header.nlmsg_seq = sequence;
        return _bytes.AsSpan(0, _length);
    }

    private Span<byte> Take(int bytes)
    {
        Span<byte> taken = _bytes.AsSpan(_length, bytes);
        _length += Align(bytes);
        return taken;
    }

    internal static int Align(int bytes) => (bytes + netlink_h.NLMSG_ALIGNTO - 1) & -netlink_h.NLMSG_ALIGNTO;
}

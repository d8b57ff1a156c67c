using System.Runtime.InteropServices;
using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>
/// Asks the kernel about netdevs and changes them: one NETLINK_ROUTE socket (linux/rtnetlink.h). It speaks about the
/// network namespace in which it was opened, from whichever thread it is used; one thread at a time. Errors are
/// <see cref="LinuxException"/>s: ENODEV when the netdev is not there.
/// </summary>
public sealed unsafe class RouteSocket : IDisposable
{
    /// <summary>A dump comes in pieces; the kernel never makes one larger than this.</summary>
    private const int ReplyBytesMax = 32 << 10;

    private readonly Descriptor _socket;
    private readonly byte[] _reply = new byte[ReplyBytesMax];
    private uint _sequence;

    public RouteSocket()
    {
        int type = socket_h.SOCK_RAW | socket_h.SOCK_CLOEXEC;
        _socket = Descriptor.From(
            socket_h.socket(socket_h.AF_NETLINK, type, netlink_h.NETLINK_ROUTE), "socket(AF_NETLINK, NETLINK_ROUTE)");
    }

    /// <summary>Every netdev of the namespace.</summary>
    public List<LinkInfo> Links()
    {
        var links = new List<LinkInfo>();
        var request = new NetlinkMessage(rtnetlink_h.RTM_GETLINK, netlink_h.NLM_F_DUMP);
        request.Append(default(ifinfomsg));
        Ask(request, "RTM_GETLINK", (type, body) =>
        {
            if (type == rtnetlink_h.RTM_NEWLINK)
                links.Add(LinkInfo.Read(body));
        });
        return links;
    }

    /// <summary>The netdev of that name, or null when there is none.</summary>
    public LinkInfo? Find(string name)
    {
        LinkInfo? found = null;
        var request = new NetlinkMessage(rtnetlink_h.RTM_GETLINK, 0);
        request.Append(default(ifinfomsg));
        request.AppendString(if_link_h.IFLA_IFNAME, name);
        try
        {
            Ask(request, "RTM_GETLINK " + name, (_, body) => found = LinkInfo.Read(body));
        }
        catch (LinuxException exception) when (exception.Errno == Errno.ENODEV)
        {
            return null;
        }
        return found;
    }

    public void SetUp(int index, bool up) =>
        Change(index, up ? if_h.IFF_UP : 0, if_h.IFF_UP, null, up ? "set up netdev" : "set down netdev");

    /// <param name="index">The netdev's index.</param>
    /// <param name="bytes">Largest Ethernet payload, in bytes.</param>
    public void SetMtu(int index, int bytes) =>
        Change(index, 0, 0, request => request.AppendUInt32(if_link_h.IFLA_MTU, (uint)bytes), "set the MTU of netdev");

    /// <param name="index">The netdev's index.</param>
    /// <param name="frames">How many frames wait for the driver; for a TAP, in each of its queues, for the program that reads them.</param>
    public void SetQueueLength(int index, int frames) =>
        Change(index, 0, 0, request => request.AppendUInt32(if_link_h.IFLA_TXQLEN, (uint)frames), "set the queue length of netdev");

    /// <param name="index">The netdev's index.</param>
    /// <param name="address">48 bits, first byte highest.</param>
    public void SetAddress(int index, ulong address)
    {
        byte[] bytes = new byte[if_ether_h.ETH_ALEN];
        MacBits.Write(address, bytes);
        Change(index, 0, 0, request => request.AppendBytes(if_link_h.IFLA_ADDRESS, bytes), "set the address of netdev");
    }

    /// <summary>Whether the netdev carries an IPv4 or IPv6 address other than a link-local one.</summary>
    public bool HasAddresses(int index)
    {
        const byte scopeLink = 253;
        bool has = false;
        var request = new NetlinkMessage(rtnetlink_h.RTM_GETADDR, netlink_h.NLM_F_DUMP);
        request.Append(default(ifaddrmsg));
        Ask(request, "RTM_GETADDR", (type, body) =>
        {
            if (type == rtnetlink_h.RTM_NEWADDR && body.Length >= sizeof(ifaddrmsg))
            {
                ifaddrmsg address = MemoryMarshal.Read<ifaddrmsg>(body);
                has |= address.ifa_index == (uint)index && address.ifa_scope != scopeLink;
            }
        });
        return has;
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Sends one request and reads its answers until the kernel says that it is done.</summary>
    /// <exception cref="LinuxException">The kernel answered with an error.</exception>
    internal void Ask(NetlinkMessage request, string what, Action<ushort, ReadOnlySpan<byte>>? answer = null)
    {
        ReadOnlySpan<byte> bytes = request.Finish(++_sequence);
        fixed (byte* data = bytes)
            LinuxException.Check(socket_h.send(_socket.Number, data, (nuint)bytes.Length, 0), what);
        while (!ReadAnswers(what, answer))
        {
        }
    }

    private void Change(int index, uint flags, uint mask, Action<NetlinkMessage>? attributes, string what)
    {
        var request = new NetlinkMessage(rtnetlink_h.RTM_NEWLINK, 0);
        request.Append(new ifinfomsg { ifi_index = index, ifi_flags = flags, ifi_change = mask });
        attributes?.Invoke(request);
        Ask(request, $"{what} {index}");
    }

    private bool ReadAnswers(string what, Action<ushort, ReadOnlySpan<byte>>? answer)
    {
        nint length;
        fixed (byte* data = _reply)
            length = (nint)LinuxException.Check(socket_h.recv(_socket.Number, data, ReplyBytesMax, 0), what);
        bool done = false;
        foreach (NetlinkAnswer one in new NetlinkAnswers(_reply.AsMemory(0, (int)length)))
        {
            if (one.Sequence != _sequence)
                continue;
            if (one.Type == netlink_h.NLMSG_ERROR && one.Error != 0)
                throw new LinuxException(what, one.Error);
            if (one.Type is netlink_h.NLMSG_ERROR or netlink_h.NLMSG_DONE)
                done = true;
            else
                answer?.Invoke(one.Type, one.Body.Span);
        }
        return done;
    }
}

using System.Buffers;
using System.Runtime.InteropServices;
using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>One netdev of the namespace came, changed or went.</summary>
/// <param name="Link">As it is now, or was last.</param>
/// <param name="IsGone">It was deleted or moved to another namespace.</param>
public readonly record struct LinkChange(LinkInfo Link, bool IsGone);

/// <summary>
/// Hears of every netdev that comes, changes or goes in the network namespace in which it was opened (RTNLGRP_LINK,
/// linux/rtnetlink.h). Non-blocking: wait for <see cref="Handle"/> to become readable, then <see cref="Read"/>.
/// </summary>
public sealed unsafe class LinkMonitor : IDisposable
{
    private const int DatagramBytesMax = 32 << 10;

    private readonly Descriptor _socket;

    public LinkMonitor()
    {
        int type = socket_h.SOCK_RAW | socket_h.SOCK_NONBLOCK | socket_h.SOCK_CLOEXEC;
        _socket = Descriptor.From(
            socket_h.socket(socket_h.AF_NETLINK, type, netlink_h.NETLINK_ROUTE), "socket(AF_NETLINK, NETLINK_ROUTE)");
        var address = new sockaddr_nl { nl_family = socket_h.AF_NETLINK, nl_groups = rtnetlink_h.RTMGRP_LINK };
        int result = socket_h.bind(_socket.Number, &address, (uint)sizeof(sockaddr_nl));
        LinuxException.Check(result, "bind to RTMGRP_LINK");
    }

    public int Handle => _socket.Number;

    /// <summary>Adds what happened since the last call.</summary>
    /// <returns>False when the kernel dropped some of it (ENOBUFS): then look at every netdev again.</returns>
    public bool Read(List<LinkChange> changes)
    {
        byte[] datagram = ArrayPool<byte>.Shared.Rent(DatagramBytesMax);
        try
        {
            while (true)
            {
                nint length;
                fixed (byte* data = datagram)
                    length = socket_h.recv(_socket.Number, data, DatagramBytesMax, 0);
                if (length < 0)
                    return Marshal.GetLastPInvokeError() == Errno.EAGAIN;
                foreach (NetlinkAnswer one in new NetlinkAnswers(datagram.AsMemory(0, (int)length)))
                {
                    if (IsAboutNetdev(one))
                        changes.Add(new LinkChange(LinkInfo.Read(one.Body.Span), one.Type == rtnetlink_h.RTM_DELLINK));
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(datagram);
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>A bridge reports its ports with the same types and a family of its own.</summary>
    private static bool IsAboutNetdev(NetlinkAnswer answer) =>
        answer.Type is rtnetlink_h.RTM_NEWLINK or rtnetlink_h.RTM_DELLINK
        && answer.Body.Length >= sizeof(ifinfomsg)
        && MemoryMarshal.Read<ifinfomsg>(answer.Body.Span).ifi_family == 0;
}

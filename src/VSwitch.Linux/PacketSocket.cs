using System.Buffers.Binary;
using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>
/// A raw AF_PACKET socket on one netdev (packet(7), linux/if_packet.h). Every frame has the 10-byte
/// <c>virtio_net_hdr</c> before it, both ways, and frames that this host sends are not received. Set-up errors are
/// <see cref="LinuxException"/>s.
/// </summary>
public sealed unsafe class PacketSocket : IDisposable
{
    /// <summary>Bytes of frames that wait outside the ring, or on their way out: some sixty of the largest.</summary>
    private const int BufferBytes = 4 << 20;

    /// <summary>Opens a socket in the calling thread's network namespace that receives nothing until it is bound.</summary>
    public PacketSocket()
    {
        int type = socket_h.SOCK_RAW | socket_h.SOCK_NONBLOCK | socket_h.SOCK_CLOEXEC;
        Descriptor = Descriptor.From(socket_h.socket(socket_h.AF_PACKET, type, 0), "socket(AF_PACKET)");
        try
        {
            SetOption(if_packet_h.PACKET_VERSION, if_packet_h.TPACKET_V2, "PACKET_VERSION");
            SetOption(if_packet_h.PACKET_VNET_HDR, 1, "PACKET_VNET_HDR");
            SetOption(if_packet_h.PACKET_IGNORE_OUTGOING, 1, "PACKET_IGNORE_OUTGOING");
            SetOption(if_packet_h.PACKET_COPY_THRESH, 1, "PACKET_COPY_THRESH");
            SetOption(socket_h.SOL_SOCKET, socket_h.SO_RCVBUFFORCE, BufferBytes, "SO_RCVBUFFORCE");
            SetOption(socket_h.SOL_SOCKET, socket_h.SO_SNDBUFFORCE, BufferBytes, "SO_SNDBUFFORCE");
            Ring = new PacketRing(this);
        }
        catch
        {
            Descriptor.Dispose();
            throw;
        }
    }

    public Descriptor Descriptor { get; }

    /// <summary>Where received frames are.</summary>
    public PacketRing Ring { get; }

    /// <summary>Binds to a netdev, for sending and, when asked, for receiving every frame that it gets.</summary>
    public void Bind(int index, bool receives)
    {
        ushort protocol = receives ? if_ether_h.ETH_P_ALL : (ushort)0;
        var address = new sockaddr_ll
        {
            sll_family = socket_h.AF_PACKET,
            sll_protocol = BinaryPrimitives.ReverseEndianness(protocol),
            sll_ifindex = index,
        };
        int result = socket_h.bind(Descriptor.Number, &address, (uint)sizeof(sockaddr_ll));
        LinuxException.Check(result, $"bind to netdev {index}");
    }

    /// <summary>The index of the netdev that this socket is bound to; -1 once that netdev has been deleted or moved elsewhere, even if one like it is back.</summary>
    public int BoundIndex
    {
        get
        {
            sockaddr_ll address = default;
            uint bytes = (uint)sizeof(sockaddr_ll);
            return socket_h.getsockname(Descriptor.Number, &address, &bytes) == 0 ? address.sll_ifindex : -1;
        }
    }

    /// <summary>Has the netdev take frames for every address, for as long as this socket is open.</summary>
    public void SetPromiscuous(int index)
    {
        var membership = new packet_mreq { mr_ifindex = index, mr_type = if_packet_h.PACKET_MR_PROMISC };
        SetOption(packet_socket_h.SOL_PACKET, if_packet_h.PACKET_ADD_MEMBERSHIP, &membership, sizeof(packet_mreq), "PACKET_MR_PROMISC");
    }

    /// <summary>
    /// Takes the error that the socket holds, such as ENETDOWN since its netdev was set down. Until it is taken, pollers
    /// see the socket as ready. Allocates nothing.
    /// </summary>
    public int TakeError()
    {
        int error = 0;
        uint bytes = sizeof(int);
        _ = socket_h.getsockopt(Descriptor.Number, socket_h.SOL_SOCKET, socket_h.SO_ERROR, &error, &bytes);
        return error;
    }

    /// <summary>Frames that the kernel could not deliver since the last call, because the ring was full.</summary>
    public uint TakeDrops()
    {
        tpacket_stats statistics = default;
        uint bytes = (uint)sizeof(tpacket_stats);
        _ = socket_h.getsockopt(
            Descriptor.Number, packet_socket_h.SOL_PACKET, if_packet_h.PACKET_STATISTICS, &statistics, &bytes);
        return statistics.tp_drops;
    }

    public void Dispose()
    {
        Ring.Dispose();
        Descriptor.Dispose();
    }

    internal void SetOption(int level, int name, void* value, int bytes, string what) =>
        LinuxException.Check(socket_h.setsockopt(Descriptor.Number, level, name, value, (uint)bytes), what);

    private void SetOption(int level, int name, int value, string what) =>
        SetOption(level, name, &value, sizeof(int), what);

    private void SetOption(int name, int value, string what) =>
        SetOption(packet_socket_h.SOL_PACKET, name, value, what);
}

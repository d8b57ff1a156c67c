using System.Runtime.CompilerServices;

namespace VSwitch.Linux.Headers;

[Header("linux/if_packet.h")]
internal static class if_packet_h
{
    public const int PACKET_ADD_MEMBERSHIP = 1;
    public const int PACKET_RX_RING = 5;
    public const int PACKET_STATISTICS = 6;
    public const int PACKET_COPY_THRESH = 7;
    public const int PACKET_VERSION = 10;
    public const int PACKET_VNET_HDR = 15;
    public const int PACKET_IGNORE_OUTGOING = 23;

    public const int PACKET_MR_PROMISC = 1;

    public const int TPACKET_V2 = 1;

    public const uint TP_STATUS_KERNEL = 0;
    public const uint TP_STATUS_USER = 1;
    public const uint TP_STATUS_COPY = 2;
    public const uint TP_STATUS_VLAN_VALID = 0x10;
    public const uint TP_STATUS_VLAN_TPID_VALID = 0x40;
}

/// <summary>From linux/socket.h, which is not exported to user space.</summary>
[Header("sys/socket.h")]
internal static class packet_socket_h
{
    public const int SOL_PACKET = 263;
}

[Header("linux/if_ether.h")]
internal static class if_ether_h
{
    public const ushort ETH_P_ALL = 3;
    public const ushort ETH_P_8021Q = 0x8100;
    public const int ETH_ALEN = 6;
}

[Header("linux/if_packet.h")]
internal struct sockaddr_ll
{
    public ushort sll_family;
    public ushort sll_protocol;
    public int sll_ifindex;
    public ushort sll_hatype;
    public byte sll_pkttype;
    public byte sll_halen;
    public sll_addr_bytes sll_addr;

    [InlineArray(8)]
    internal struct sll_addr_bytes
    {
        private byte _first;
    }
}

[Header("linux/if_packet.h")]
internal struct packet_mreq
{
    public int mr_ifindex;
    public ushort mr_type;
    public ushort mr_alen;
    public mr_address_bytes mr_address;

    [InlineArray(8)]
    internal struct mr_address_bytes
    {
        private byte _first;
    }
}

[Header("linux/if_packet.h")]
internal struct tpacket_req
{
    public uint tp_block_size;
    public uint tp_block_nr;
    public uint tp_frame_size;
    public uint tp_frame_nr;
}

[Header("linux/if_packet.h")]
internal struct tpacket2_hdr
{
    public uint tp_status;
    public uint tp_len;
    public uint tp_snaplen;
    public ushort tp_mac;
    public ushort tp_net;
    public uint tp_sec;
    public uint tp_nsec;
    public ushort tp_vlan_tci;
    public ushort tp_vlan_tpid;
    public tp_padding_bytes tp_padding;

    [InlineArray(4)]
    internal struct tp_padding_bytes
    {
        private byte _first;
    }
}

[Header("linux/if_packet.h")]
internal struct tpacket_stats
{
    public uint tp_packets;
    public uint tp_drops;
}

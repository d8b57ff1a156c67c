namespace VSwitch.Linux.Headers;

[Header("linux/rtnetlink.h")]
internal static class rtnetlink_h
{
    public const ushort RTM_NEWLINK = 16;
    public const ushort RTM_DELLINK = 17;
    public const ushort RTM_GETLINK = 18;
    public const ushort RTM_NEWADDR = 20;
    public const ushort RTM_GETADDR = 22;
    public const ushort RTM_NEWQDISC = 36;
    public const ushort RTM_DELQDISC = 37;
    public const ushort RTM_NEWTFILTER = 44;
    public const ushort RTM_DELTFILTER = 45;
    public const uint RTMGRP_LINK = 1;
    public const ushort TCA_KIND = 1;
    public const ushort TCA_OPTIONS = 2;
}

[Header("linux/if_link.h")]
internal static class if_link_h
{
    public const ushort IFLA_ADDRESS = 1;
    public const ushort IFLA_IFNAME = 3;
    public const ushort IFLA_MTU = 4;
    public const ushort IFLA_MASTER = 10;
    public const ushort IFLA_TXQLEN = 13;
    public const ushort IFLA_OPERSTATE = 16;
    public const ushort IFLA_STATS64 = 23;
}

[Header("linux/if_arp.h")]
internal static class if_arp_h
{
    public const ushort ARPHRD_ETHER = 1;
}

[Header("linux/rtnetlink.h")]
internal struct ifinfomsg
{
    public byte ifi_family;

    /// <summary>Unnamed padding in meaning, though it has a name.</summary>
    [CName("__ifi_pad")]
    public byte ifi_pad;

    public ushort ifi_type;
    public int ifi_index;
    public uint ifi_flags;
    public uint ifi_change;
}

[Header("linux/if_addr.h")]
internal struct ifaddrmsg
{
    public byte ifa_family;
    public byte ifa_prefixlen;
    public byte ifa_flags;
    public byte ifa_scope;
    public uint ifa_index;
}

[Header("linux/rtnetlink.h")]
internal struct tcmsg
{
    public byte tcm_family;

    [CName("tcm__pad1")]
    public byte tcm_pad1;

    [CName("tcm__pad2")]
    public ushort tcm_pad2;

    public int tcm_ifindex;
    public uint tcm_handle;
    public uint tcm_parent;
    public uint tcm_info;
}

namespace VSwitch.Linux.Headers;

[Header("linux/netlink.h")]
internal static class netlink_h
{
    public const int NETLINK_ROUTE = 0;
    public const ushort NLM_F_REQUEST = 1;
    public const ushort NLM_F_ACK = 4;
    public const ushort NLM_F_EXCL = 0x200;
    public const ushort NLM_F_CREATE = 0x400;
    public const ushort NLM_F_DUMP = 0x300;
    public const ushort NLMSG_ERROR = 2;
    public const ushort NLMSG_DONE = 3;
    public const int NLMSG_ALIGNTO = 4;
}

[Header("linux/netlink.h")]
internal struct sockaddr_nl
{
    public ushort nl_family;
    public ushort nl_pad;
    public uint nl_pid;
    public uint nl_groups;
}

[Header("linux/netlink.h")]
internal struct nlmsghdr
{
    public uint nlmsg_len;
    public ushort nlmsg_type;
    public ushort nlmsg_flags;
    public uint nlmsg_seq;
    public uint nlmsg_pid;
}

[Header("linux/netlink.h")]
internal struct nlattr
{
    public ushort nla_len;
    public ushort nla_type;
}

using System.Runtime.InteropServices;
using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>What the kernel says about one netdev (RTM_NEWLINK, linux/if_link.h).</summary>
/// <param name="Index">The number that the kernel gave it; never used again after it is gone.</param>
/// <param name="Name">15 bytes at most.</param>
/// <param name="Address">The MAC address in the low 48 bits, first byte highest; 0 when it has none.</param>
/// <param name="MtuBytes">Largest Ethernet payload.</param>
/// <param name="IsUp">Set up by its owner (IFF_UP).</param>
/// <param name="HasCarrier">Up, and the driver says that the other end is there (IFF_LOWER_UP).</param>
/// <param name="OperationalState">RFC 2863: 0 unknown, 2 down, 6 up.</param>
/// <param name="IsLoopback">It leads back into its own namespace.</param>
/// <param name="IsEthernet">Its frames have Ethernet headers (ARPHRD_ETHER).</param>
/// <param name="MasterIndex">The bridge, bond or other netdev that has taken it in; 0 when none has.</param>
/// <param name="QueueFrames">How many frames wait for the driver at most (txqueuelen).</param>
/// <param name="SendDrops">Frames that the host sent to it and that it had no room for, since it was made.</param>
public sealed record LinkInfo(
    int Index, string Name, ulong Address, int MtuBytes, bool IsUp, bool HasCarrier, int OperationalState, bool IsLoopback,
    bool IsEthernet, int MasterIndex, int QueueFrames, ulong SendDrops)
{
    /// <summary><c>tx_dropped</c> in <c>struct rtnl_link_stats64</c>.</summary>
    private const int SendDropsOffset = 7 * sizeof(ulong);

    /// <summary>Reads the body of an RTM_NEWLINK or RTM_DELLINK.</summary>
    internal static unsafe LinkInfo Read(ReadOnlySpan<byte> body)
    {
        ifinfomsg info = MemoryMarshal.Read<ifinfomsg>(body);
        string name = "";
        ulong address = 0;
        int mtu = 0;
        int state = 0;
        int master = 0;
        int queue = 0;
        ulong drops = 0;
        ReadOnlySpan<byte> rest = body[sizeof(ifinfomsg)..];
        while (TryReadAttribute(ref rest, out int type, out ReadOnlySpan<byte> value))
        {
            switch (type)
            {
                case if_link_h.IFLA_IFNAME:
                    name = InterfaceName.Read(value);
                    break;
                case if_link_h.IFLA_ADDRESS when value.Length == if_ether_h.ETH_ALEN:
                    address = MacBits.Read(value);
                    break;
                case if_link_h.IFLA_MTU when value.Length == sizeof(int):
                    mtu = MemoryMarshal.Read<int>(value);
                    break;
                case if_link_h.IFLA_MASTER when value.Length == sizeof(int):
                    master = MemoryMarshal.Read<int>(value);
                    break;
                case if_link_h.IFLA_TXQLEN when value.Length == sizeof(int):
                    queue = MemoryMarshal.Read<int>(value);
                    break;
                case if_link_h.IFLA_OPERSTATE when value.Length == 1:
                    state = value[0];
                    break;
                case if_link_h.IFLA_STATS64 when value.Length >= SendDropsOffset + sizeof(ulong):
                    drops = MemoryMarshal.Read<ulong>(value[SendDropsOffset..]);
                    break;
            }
        }
        bool up = (info.ifi_flags & if_h.IFF_UP) != 0;
        bool carrier = up && (info.ifi_flags & if_h.IFF_LOWER_UP) != 0;
        bool loopback = (info.ifi_flags & if_h.IFF_LOOPBACK) != 0;
        return new LinkInfo(info.ifi_index, name, address, mtu, up, carrier, state, loopback, info.ifi_type == if_arp_h.ARPHRD_ETHER, master, queue, drops);
    }

    private static unsafe bool TryReadAttribute(ref ReadOnlySpan<byte> rest, out int type, out ReadOnlySpan<byte> value)
    {
        type = 0;
        value = default;
        if (rest.Length < sizeof(nlattr))
            return false;
        nlattr attribute = MemoryMarshal.Read<nlattr>(rest);
        if (attribute.nla_len < sizeof(nlattr) || attribute.nla_len > rest.Length)
            return false;
        type = attribute.nla_type;
        value = rest[sizeof(nlattr)..attribute.nla_len];
        rest = rest[Math.Min(NetlinkMessage.Align(attribute.nla_len), rest.Length)..];
        return true;
    }
}

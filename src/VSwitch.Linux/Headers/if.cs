using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VSwitch.Linux.Headers;

[Header("linux/if.h")]
internal static class if_h
{
    public const int IFNAMSIZ = 16;
    public const uint IFF_UP = 1;
    public const uint IFF_LOOPBACK = 8;
    public const uint IFF_LOWER_UP = 0x10000;
}

/// <summary>Its union is only used for the flags of TUNSETIFF and for a hardware address.</summary>
[Header("linux/if.h")]
[StructLayout(LayoutKind.Explicit, Size = 40)]
internal struct ifreq
{
    [FieldOffset(0)]
    [CName("ifr_ifrn.ifrn_name")]
    public ifname ifr_name;

    [FieldOffset(16)]
    [CName("ifr_ifru.ifru_flags")]
    public short ifr_flags;

    [FieldOffset(16)]
    [CName("ifr_ifru.ifru_hwaddr")]
    public sockaddr ifr_hwaddr;
}

[InlineArray(if_h.IFNAMSIZ)]
internal struct ifname
{
    private byte _first;
}

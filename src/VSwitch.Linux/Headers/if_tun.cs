namespace VSwitch.Linux.Headers;

[Header("linux/if_tun.h")]
internal static class if_tun_h
{
    public const uint TUNSETIFF = 0x400454CA;
    public const uint TUNSETPERSIST = 0x400454CB;
    public const uint TUNSETOFFLOAD = 0x400454D0;
    public const uint TUNGETIFF = 0x800454D2;
    public const uint TUNSETVNETHDRSZ = 0x400454D8;
    public const uint TUNSETVNETLE = 0x400454DC;
    public const uint TUNSETCARRIER = 0x400454E2;
    public const uint TUNGETDEVNETNS = 0x54E3;

    public const int IFF_TAP = 0x0002;
    public const int IFF_MULTI_QUEUE = 0x0100;
    public const int IFF_NO_PI = 0x1000;
    public const int IFF_VNET_HDR = 0x4000;

    public const uint TUN_F_CSUM = 0x01;
    public const uint TUN_F_TSO4 = 0x02;
    public const uint TUN_F_TSO6 = 0x04;
    public const uint TUN_F_TSO_ECN = 0x08;

    [Since(6, 2)]
    public const uint TUN_F_USO4 = 0x20;

    [Since(6, 2)]
    public const uint TUN_F_USO6 = 0x40;
}

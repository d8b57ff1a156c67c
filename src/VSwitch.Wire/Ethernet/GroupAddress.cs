namespace VSwitch.Wire;

/// <summary>Group addresses that a bridge treats specially.</summary>
public static class GroupAddress
{
    // 01-80-C2-00-00-0X: IEEE 802.1Q-2022 table 8-1, never forwarded by a bridge.
    public static MacAddress SpanningTree => new(0x0180_C200_0000);

    public static MacAddress Pause => new(0x0180_C200_0001);

    public static MacAddress SlowProtocols => new(0x0180_C200_0002);

    public static MacAddress PortAccess => new(0x0180_C200_0003);

    public static MacAddress Lldp => new(0x0180_C200_000E);

    /// <summary>CDP, VTP, DTP, PAgP and UDLD, told apart by their SNAP protocol.</summary>
    public static MacAddress Cisco => new(0x0100_0CCC_CCCC);

    public static MacAddress CiscoPvst => new(0x0100_0CCC_CCCD);

    /// <summary>True for 01-80-C2-00-00-00 to -0F, which end at the bridge that receives them.</summary>
    public static bool IsReserved(MacAddress address) => address.Value >> 4 == 0x0180_C200_000;

    /// <summary>True for the two Cisco groups, which its switches consume as well.</summary>
    public static bool IsCisco(MacAddress address) => address == Cisco || address == CiscoPvst;
}

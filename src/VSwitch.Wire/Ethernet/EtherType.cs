namespace VSwitch.Wire;

/// <summary>
/// Values of the Ethernet type field (IEEE registry); at most <see cref="LengthMax"/> the field is an LLC length.
/// </summary>
public static class EtherType
{
    /// <summary>The largest value that means an IEEE 802.3 length (clause 3.2.6).</summary>
    public const ushort LengthMax = 1500;

    public const ushort Ipv4 = 0x0800;
    public const ushort Arp = 0x0806;
    public const ushort EthernetBridging = 0x6558;
    public const ushort Rarp = 0x8035;
    public const ushort Ipv6 = 0x86DD;

    /// <summary>IEEE 802.1Q C-tag: the only one that the switch acts on.</summary>
    public const ushort CTag = 0x8100;

    /// <summary>IEEE 802.1ad S-tag: an ordinary type to the switch.</summary>
    public const ushort STag = 0x88A8;

    /// <summary>QinQ from before 802.1ad.</summary>
    public const ushort LegacyQinQ = 0x9100;
    public const ushort VnTag = 0x8926;
    public const ushort ETag = 0x893F;
    public const ushort PbbITag = 0x88E7;

    /// <summary>LACP (subtype 1), marker (2) and OSSP (10).</summary>
    public const ushort SlowProtocols = 0x8809;
    public const ushort EdgeControl = 0x8940;
    public const ushort Eapol = 0x888E;
    public const ushort Lldp = 0x88CC;

    /// <summary>ERSPAN types I and II inside GRE.</summary>
    public const ushort Erspan = 0x88BE;

    /// <summary>ERSPAN type III inside GRE.</summary>
    public const ushort ErspanType3 = 0x22EB;
}

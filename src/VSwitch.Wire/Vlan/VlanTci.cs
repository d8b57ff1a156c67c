namespace VSwitch.Wire;

/// <summary>The tag control information of a C-tag or S-tag (IEEE 802.1Q-2022 clause 9.6): PCP (3), DEI (1), VID (12).</summary>
public readonly record struct VlanTci(ushort Value)
{
    private const ushort DeiBit = 0x1000;
    private const ushort VidBits = 0x0FFF;

    /// <summary>The VLAN id; 0 means that the tag carries a priority only.</summary>
    public int Vid => Value & VidBits;

    /// <summary>The priority code point, 0 to 7.</summary>
    public int Pcp => Value >> 13;

    /// <summary>The drop eligible indicator.</summary>
    public bool Dei => (Value & DeiBit) != 0;

    /// <summary>Bits that a field has no room for are cut off.</summary>
    public static VlanTci Of(int vid, int pcp = 0, bool dei = false) =>
        new((ushort)((pcp & 7) << 13 | (dei ? DeiBit : 0) | vid & VidBits));
}

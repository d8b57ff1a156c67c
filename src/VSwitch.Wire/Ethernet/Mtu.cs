namespace VSwitch.Wire;

/// <summary>The largest payload of an Ethernet link, in bytes without header and tag: what it may be.</summary>
public static class Mtu
{
    /// <summary>What every internet module must forward in one piece (RFC 791, section 3.2).</summary>
    public const int BytesMin = 68;

    /// <summary>A basic frame's (IEEE 802.3, clause 3.2.7).</summary>
    public const int BytesUsual = 1500;

    /// <summary>The longest that a virtio device can name (virtio 1.2, section 5.1.4.1).</summary>
    public const int BytesMax = ushort.MaxValue;
}

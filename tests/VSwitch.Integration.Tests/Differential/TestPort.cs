namespace VSwitch.Integration.Tests.Differential;

/// <summary>One port of the two switches that are compared: an access port, whose only VLAN is the native one, or a trunk.</summary>
/// <param name="Index">Zero-based.</param>
/// <param name="IsTrunk">Whether frames of other VLANs than the native one pass, with tags.</param>
/// <param name="Native">The VLAN of untagged frames.</param>
/// <param name="Allowed">All VLANs of the port.</param>
/// <param name="MtuBytes">Payload at most.</param>
public sealed record TestPort(int Index, bool IsTrunk, int Native, int[] Allowed, int MtuBytes)
{
    /// <summary>The address of the port's netdev, which our switch knows from the attachment.</summary>
    public byte[] Mac { get; } = [0x02, 0x5A, 0xD1, 0, 0, (byte)Index];

    /// <summary>Its netdev on our switch.</summary>
    public string Device => $"tap{Index}";

    /// <summary>Its netdev on the Linux bridge of a VLAN.</summary>
    public string BridgeDevice(int vlan) => $"v{vlan}p{Index}";

    /// <summary>What a frame of a VLAN looks like when it leaves here.</summary>
    /// <param name="vlan">One of <see cref="Allowed"/>.</param>
    /// <param name="priorityBits">PCP and DEI of the tag that the frame came with.</param>
    /// <param name="untagged">The frame without its outer tag.</param>
    public byte[] Leaving(int vlan, int priorityBits, byte[] untagged) =>
        vlan == Native && !(IsTrunk && Ether.StartsWithTag(untagged)) ? untagged : [.. untagged[..12], 0x81, 0x00, (byte)((priorityBits | vlan) >> 8), (byte)vlan, .. untagged[12..]];
}

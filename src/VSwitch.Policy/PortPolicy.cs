using VSwitch.Wire;

namespace VSwitch.Policy;

/// <summary>
/// The evaluated policy of one port: every question answered. The VSM makes it from the profile's ancestors, the
/// profile and the interface's own words; the VEM compiles it.
/// </summary>
public sealed record PortPolicy
{
    /// <summary>A port that forwards nothing: shut down, quarantined or not yet known.</summary>
    public static readonly PortPolicy Blocked = new() { AdminUp = false };

    public const int DefaultVlan = 1;

    public SwitchportMode Mode { get; init; } = SwitchportMode.Access;

    public int AccessVlan { get; init; } = DefaultVlan;

    public int NativeVlan { get; init; } = DefaultVlan;

    public VlanSet AllowedVlans { get; init; } = VlanSet.All;

    public bool AdminUp { get; init; }

    /// <summary>Name of the inbound IPv4 access list, or null. A name without a list permits everything (NX-OS).</summary>
    public string? AccessGroupIn { get; init; }

    public string? AccessGroupOut { get; init; }

    /// <summary>Bytes of Ethernet payload; null leaves the netdev's MTU.</summary>
    public int? MtuBytes { get; init; }
}

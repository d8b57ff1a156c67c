using VSwitch.Wire;

namespace VSwitch.Policy;

public enum SwitchportMode
{
    Access,
    Trunk,
}

/// <summary>
/// What was said about a port, in a port profile or on an interface: null means that nothing was said and that the
/// parent's word, or at last the default, holds.
/// </summary>
public sealed record PortConfig
{
    public static readonly PortConfig Empty = new();

    public SwitchportMode? Mode { get; init; }

    /// <summary>1-4094.</summary>
    public int? AccessVlan { get; init; }

    /// <summary>1-4094: the VLAN of a trunk's untagged frames.</summary>
    public int? NativeVlan { get; init; }

    public VlanSet? AllowedVlans { get; init; }

    public bool? Shutdown { get; init; }

    /// <summary>Name of the IPv4 access list on frames that come in from the port.</summary>
    public string? AccessGroupIn { get; init; }

    /// <summary>Name of the IPv4 access list on frames that leave by the port.</summary>
    public string? AccessGroupOut { get; init; }

    /// <summary>576-9216, ethernet ports only.</summary>
    public int? MtuBytes { get; init; }

    /// <summary>This configuration with <paramref name="specific"/>'s words laid over it: the most specific wins.</summary>
    public PortConfig OverriddenBy(PortConfig specific) => new()
    {
        Mode = specific.Mode ?? Mode,
        AccessVlan = specific.AccessVlan ?? AccessVlan,
        NativeVlan = specific.NativeVlan ?? NativeVlan,
        AllowedVlans = specific.AllowedVlans ?? AllowedVlans,
        Shutdown = specific.Shutdown ?? Shutdown,
        AccessGroupIn = specific.AccessGroupIn ?? AccessGroupIn,
        AccessGroupOut = specific.AccessGroupOut ?? AccessGroupOut,
        MtuBytes = specific.MtuBytes ?? MtuBytes,
    };
}

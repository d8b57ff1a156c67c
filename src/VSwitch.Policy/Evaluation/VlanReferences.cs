using VSwitch.Wire;

namespace VSwitch.Policy;

/// <summary>
/// The VLANs that a configuration speaks of. To put a port in a VLAN makes the VLAN; a trunk makes those it lists, unless
/// it lists so many that the list says "whatever comes" rather than "these".
/// </summary>
public static class VlanReferences
{
    /// <summary>A longer allowed list creates nothing.</summary>
    public const int ExplicitListMax = 256;

    /// <summary>The ids that NX-OS keeps for itself and that cannot be created.</summary>
    public static readonly VlanSet Reserved = VlanSet.FromRanges(new VlanRange(3968, 4047), new VlanRange(4094, 4094));

    public static readonly VlanSet Creatable = VlanSet.AllExcept(Reserved);

    /// <summary>The VLANs that these words create if they do not exist.</summary>
    public static VlanSet Of(PortConfig port)
    {
        VlanSet named = VlanSet.Empty;
        if (port.AccessVlan is { } access)
            named = named.Add(VlanSet.Of(access));
        if (port.NativeVlan is { } native)
            named = named.Add(VlanSet.Of(native));
        if (port.AllowedVlans is { Count: <= ExplicitListMax } allowed)
            named = named.Add(allowed);
        return named.Intersect(Creatable);
    }

    /// <summary>The VLANs that profiles and interfaces name and that do not exist, because they were deleted afterwards.</summary>
    public static VlanSet Missing(SwitchConfig config)
    {
        VlanSet named = VlanSet.Empty;
        foreach (PortConfig port in Ports(config))
        {
            if (port is { AccessVlan: null, NativeVlan: null, AllowedVlans: null })
                continue;
            named = named.Add(Of(port));
        }

        return named.Remove(Existing(config));
    }

    public static VlanSet Existing(SwitchConfig config) => Set(config.Vlans.Keys);

    /// <summary>The VLANs that forward.</summary>
    public static VlanSet Active(SwitchConfig config) =>
        Set(config.Vlans.Values.Where(vlan => vlan is { Suspended: false, Shutdown: false }).Select(vlan => vlan.Id));

    private static IEnumerable<PortConfig> Ports(SwitchConfig config) =>
        config.Profiles.Values.Select(profile => profile.Port).Concat(config.Interfaces.Values.Select(port => port.Port));

    private static VlanSet Set(IEnumerable<int> vlans) => VlanSet.FromRanges([.. vlans.Select(vlan => new VlanRange(vlan, vlan))]);
}

using System.Collections.Immutable;

namespace VSwitch.Policy;

/// <summary>
/// Answers every question about a port: parent, profile and interface are laid over one another, and what nobody said
/// has its default. A port starts shut down; some profile or the interface itself says <c>no shutdown</c>.
/// </summary>
public static class PolicyEvaluator
{
    /// <summary>Where an interface without a usable profile is: it forwards nothing, and <c>show</c> names this profile.</summary>
    public static string QuarantineProfile(PortProfileType type) =>
        type == PortProfileType.Vethernet ? "Unused_Or_Quarantine_Veth" : "Unused_Or_Quarantine_Uplink";

    public static EvaluatedPort Evaluate(SwitchConfig config, InterfaceConfig port)
    {
        if (Refusal(config, port, out ImmutableArray<PortProfileConfig> lineage) is { } refusal)
            return new EvaluatedPort(port.Port, PortPolicy.Blocked, new PortBlock(PortBlock.Quarantine, refusal));

        PortConfig said = ProfileLineage.Merge(lineage).OverriddenBy(port.Port);
        PortPolicy policy = Policy(said);
        PortBlock? block = Block(config, policy);
        return new EvaluatedPort(said, policy with { AdminUp = block is null }, block);
    }

    /// <summary>The words with the defaults behind them.</summary>
    private static PortPolicy Policy(PortConfig said)
    {
        var defaults = new PortPolicy();
        return new PortPolicy
        {
            Mode = said.Mode ?? defaults.Mode,
            AccessVlan = said.AccessVlan ?? defaults.AccessVlan,
            NativeVlan = said.NativeVlan ?? defaults.NativeVlan,
            AllowedVlans = said.AllowedVlans ?? defaults.AllowedVlans,
            AdminUp = said.Shutdown == false,
            AccessGroupIn = said.AccessGroupIn,
            AccessGroupOut = said.AccessGroupOut,
            MtuBytes = said.MtuBytes,
        };
    }

    private static string? Refusal(SwitchConfig config, InterfaceConfig port, out ImmutableArray<PortProfileConfig> lineage)
    {
        lineage = [];
        if (port.Profile is not { } name)
            return "no port-profile";
        if (!config.Profiles.TryGetValue(name, out PortProfileConfig? profile))
            return $"port-profile {name} does not exist";
        if (profile.Type != port.Id.Type)
            return $"port-profile {name} is of type {profile.Type.Word()}";
        if (!profile.Enabled)
            return $"port-profile {name} is disabled";
        return ProfileLineage.Trace(config, profile, out lineage);
    }

    /// <summary>A trunk whose VLANs are missing stays up and forwards the others; an access port has only the one.</summary>
    private static PortBlock? Block(SwitchConfig config, PortPolicy policy)
    {
        if (!policy.AdminUp)
            return PortBlock.AdministrativelyDown;
        if (policy.Mode == SwitchportMode.Access && VlanProblem(config, policy.AccessVlan) is { } problem)
            return new PortBlock(PortBlock.Inactive, problem);
        return null;
    }

    private static string? VlanProblem(SwitchConfig config, int vlan)
    {
        if (!config.Vlans.TryGetValue(vlan, out VlanConfig? found))
            return $"VLAN {vlan} does not exist";
        if (found.Suspended)
            return $"VLAN {vlan} is suspended";
        return found.Shutdown ? $"VLAN {vlan} is shut down" : null;
    }
}

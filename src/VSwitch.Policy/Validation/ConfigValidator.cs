using System.Collections.Immutable;
using VSwitch.Wire;

namespace VSwitch.Policy;

/// <summary>
/// What is wrong with a whole configuration. A transaction asks before it stores: a configuration with a problem is never
/// stored and never pushed. Each problem is a sentence without its full stop, for the person who typed the change.
/// </summary>
public static class ConfigValidator
{
    public const int NameLengthMax = 80;
    public const int VlanNameLengthMax = 32;
    public const int AccessEntriesMax = 65536;
    public const int MtuBytesMin = 576;
    public const int MtuBytesMax = 9216;

    /// <summary>Modules 1 and 2 are supervisors; a switch has at most 250 VEMs.</summary>
    public const int FirstModule = 3;
    public const int LastModule = 252;

    public static IEnumerable<string> Problems(SwitchConfig config) =>
        [
            .. SwitchProblems(config),
            .. config.Vlans.Values.SelectMany(VlanProblems),
            .. VlanNameProblems(config),
            .. config.AccessLists.Values.SelectMany(AccessListProblems),
            .. config.Profiles.Values.SelectMany(profile => ProfileProblems(config, profile)),
            .. config.Interfaces.Values.SelectMany(port => InterfaceProblems(config, port)),
            .. OwnerProblems(config),
            .. MaxPortsProblems(config),
            .. ModuleProblems(config),
        ];

    private static IEnumerable<string> SwitchProblems(SwitchConfig config)
    {
        if (!IsHostName(config.HostName))
            yield return $"switchname {config.HostName} is not 1 to 63 letters, digits, dots, dashes or underscores";
        if (config.MacAgeingSeconds is not (0 or >= 60 and <= 1_000_000))
            yield return $"mac address-table aging-time {config.MacAgeingSeconds} is not 0 or 60 to 1000000 seconds";
        if (!config.Vlans.TryGetValue(PortPolicy.DefaultVlan, out VlanConfig? first) || first.Suspended || first.Shutdown)
            yield return $"VLAN {PortPolicy.DefaultVlan} is the default VLAN: it cannot be removed, suspended or shut down";
    }

    private static IEnumerable<string> VlanProblems(VlanConfig vlan)
    {
        if (!VlanReferences.Creatable.Contains(vlan.Id))
            yield return $"VLAN {vlan.Id} is out of range or reserved, range is (1-3967,4048-4093)";
        if (vlan.Name is { } name && !IsName(name, VlanNameLengthMax))
            yield return $"name of VLAN {vlan.Id} is not one word of 1 to {VlanNameLengthMax} characters";
    }

    private static IEnumerable<string> VlanNameProblems(SwitchConfig config) =>
        from vlan in config.Vlans.Values
        group vlan by vlan.DisplayName into sameName
        where sameName.Count() > 1
        select $"VLANs {string.Join(" and ", sameName.Select(vlan => vlan.Id))} would both be named {sameName.Key}";

    private static IEnumerable<string> AccessListProblems(AccessListConfig list)
    {
        if (!IsName(list.Name, NameLengthMax))
            yield return $"access-list name {list.Name} is not one word of 1 to {NameLengthMax} characters";
        if (list.Entries.Length > AccessEntriesMax)
            yield return $"access-list {list.Name} has more than {AccessEntriesMax} entries";
        for (int i = 0; i < list.Entries.Length; i++)
        {
            if (i > 0 && list.Entries[i].Sequence <= list.Entries[i - 1].Sequence)
                yield return $"access-list {list.Name}: entry {list.Entries[i].Sequence} is out of order";
            if (AccessEntryProblem(list.Entries[i]) is { } problem)
                yield return $"access-list {list.Name}, entry {list.Entries[i].Sequence}: {problem}";
        }
    }

    private static string? AccessEntryProblem(AccessEntry entry)
    {
        bool asksForPorts = entry.SourcePort != PortMatch.Any || entry.DestinationPort != PortMatch.Any;
        return entry switch
        {
            { Sequence: 0 } => "sequence numbers start at 1",
            { Remark: not null } => null,
            { Protocol: not (IpProtocol.Tcp or IpProtocol.Udp) } when asksForPorts => "only tcp and udp have ports",
            { Established: true, Protocol: not IpProtocol.Tcp } => "only tcp has established",
            { IcmpType: not null, Protocol: not IpProtocol.Icmp } => "only icmp has types",
            { Dscp: > 63 } => "dscp is 0 to 63",
            _ => PortMatchProblem(entry.SourcePort) ?? PortMatchProblem(entry.DestinationPort),
        };
    }

    private static string? PortMatchProblem(PortMatch match) => match.Operator switch
    {
        PortOperator.Any when match != PortMatch.Any => "a port without an operator",
        PortOperator.Range when match.Low > match.High => $"range {match.Low} {match.High} runs backwards",
        PortOperator.GreaterThan when match.Low == ushort.MaxValue => "gt 65535 matches no port",
        PortOperator.LessThan when match.Low == 0 => "lt 0 matches no port",
        _ => null,
    };

    private static IEnumerable<string> ProfileProblems(SwitchConfig config, PortProfileConfig profile)
    {
        if (!IsName(profile.Name, NameLengthMax))
            yield return $"port-profile name {profile.Name} is not one word of 1 to {NameLengthMax} characters";
        if (profile.Name == PolicyEvaluator.QuarantineProfile(profile.Type))
            yield return $"port-profile {profile.Name} is the switch's own";
        if (ProfileLineage.Trace(config, profile, out _) is { } problem)
            yield return problem;
        if (profile.MaxPorts is { } max && max is < 1 or > PortProfileConfig.MaxPortsMax)
            yield return $"max-ports of port-profile {profile.Name} is not 1 to {PortProfileConfig.MaxPortsMax}";
        foreach (string portProblem in PortProblems($"port-profile {profile.Name}", profile.Type, profile.Port))
            yield return portProblem;
    }

    private static IEnumerable<string> InterfaceProblems(SwitchConfig config, InterfaceConfig port)
    {
        if (port.Profile is { } name)
        {
            if (!config.Profiles.TryGetValue(name, out PortProfileConfig? profile))
                yield return $"port-profile {name} does not exist{NearNames.Suggest(name, config.Profiles.Keys)}";
            else if (profile.Type != port.Id.Type)
                yield return $"port-profile {name} is of type {profile.Type.Word()}; {port.Id} takes one of type {port.Id.Type.Word()}";
        }

        if (port.Owner is not null && !port.Id.IsVethernet)
            yield return $"{port.Id} is an uplink and has no owner";
        if (port.Id is { IsVethernet: false, Module: < FirstModule or > LastModule })
            yield return $"{port.Id}: modules are numbered {FirstModule} to {LastModule}";
        foreach (string problem in PortProblems(port.Id.ToString(), port.Id.Type, port.Port))
            yield return problem;
    }

    private static IEnumerable<string> PortProblems(string where, PortProfileType type, PortConfig port)
    {
        var vlans = new[] { port.AccessVlan, port.NativeVlan }.OfType<int>();
        foreach (int vlan in vlans.Where(vlan => !VlanReferences.Creatable.Contains(vlan)))
            yield return $"{where}: VLAN {vlan} is out of range or reserved, range is (1-3967,4048-4093)";
        if (port.MtuBytes is { } mtu && mtu is < MtuBytesMin or > MtuBytesMax)
            yield return $"{where}: mtu {mtu} is not {MtuBytesMin} to {MtuBytesMax}";
        if (port.MtuBytes is not null && type == PortProfileType.Vethernet)
            yield return $"{where}: only ethernet ports have an mtu; a vEth takes that of its netdev, or of vemcmd attach --mtu";
    }

    private static IEnumerable<string> OwnerProblems(SwitchConfig config) =>
        from port in config.Interfaces.Values
        where port.Owner is not null
        group port by port.Owner into sameOwner
        where sameOwner.Count() > 1
        select $"{string.Join(" and ", sameOwner.Select(port => port.Id))} would both belong to {sameOwner.Key}";

    private static IEnumerable<string> MaxPortsProblems(SwitchConfig config) =>
        from port in config.Interfaces.Values
        where port.Profile is not null
        group port by port.Profile into members
        let profile = config.Profiles.GetValueOrDefault(members.Key)
        where profile is not null && members.Count() > profile.MaxPortsOrDefault
        select $"port-profile {profile.Name} has room for {profile.MaxPortsOrDefault} ports (max-ports) and would have {members.Count()}";

    private static IEnumerable<string> ModuleProblems(SwitchConfig config)
    {
        foreach (ModuleConfig module in config.Modules.Values.Where(module => module.Number is < FirstModule or > LastModule))
            yield return $"module {module.Number} is not {FirstModule} to {LastModule}";
        var hosts = config.Modules.Values.Where(module => module.HostId.Length > 0)
            .GroupBy(module => module.HostId, StringComparer.OrdinalIgnoreCase);
        foreach (var host in hosts.Where(host => host.Count() > 1))
            yield return $"modules {string.Join(" and ", host.Select(module => module.Number))} would both have host id {host.Key}";
    }

    private static bool IsHostName(string name) =>
        name.Length is >= 1 and <= 63 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private static bool IsName(string name, int lengthMax) =>
        name.Length >= 1 && name.Length <= lengthMax && !name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '"' or '|' or '?');
}

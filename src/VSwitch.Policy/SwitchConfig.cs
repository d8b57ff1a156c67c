using System.Collections.Immutable;

namespace VSwitch.Policy;

public enum PortProfileType
{
    Vethernet,
    Ethernet,
}

/// <summary>A port profile as said.</summary>
public sealed record PortProfileConfig
{
    public required string Name { get; init; }

    public required PortProfileType Type { get; init; }

    public string? Description { get; init; }

    /// <summary>Name of the parent profile, of the same type.</summary>
    public string? Inherit { get; init; }

    /// <summary><c>state enabled</c>. Never inherited.</summary>
    public bool Enabled { get; init; }

    /// <summary>The greatest value of <see cref="MaxPorts"/>: 250 VEMs with 1,024 vEths each.</summary>
    public const int MaxPortsMax = 256_000;

    public const int MaxPortsDefault = 1024;

    /// <summary>Interfaces that may inherit the profile; null for the default. Never inherited.</summary>
    public int? MaxPorts { get; init; }

    public int MaxPortsOrDefault => MaxPorts ?? MaxPortsDefault;

    public PortConfig Port { get; init; } = PortConfig.Empty;
}

/// <summary>The network card that a vEth belongs to: the (VM, adapter) pair that keeps its number for good.</summary>
public sealed record VethOwner(string Vm, int Adapter)
{
    /// <summary>The description that a vEth gets at its first attach: <c>vm1, Network Adapter 1</c>.</summary>
    public override string ToString() => $"{Vm}, Network Adapter {Adapter}";
}

/// <summary>An interface as said.</summary>
public sealed record InterfaceConfig
{
    public required InterfaceId Id { get; init; }

    public string? Description { get; init; }

    /// <summary>Name of the profile the interface inherits; null leaves it in quarantine.</summary>
    public string? Profile { get; init; }

    public VethOwner? Owner { get; init; }

    /// <summary>What was said on the interface itself, over its profile.</summary>
    public PortConfig Port { get; init; } = PortConfig.Empty;
}

public sealed record VlanConfig
{
    public required int Id { get; init; }

    /// <summary>Null for the default name, <c>VLAN0010</c>.</summary>
    public string? Name { get; init; }

    /// <summary>The name, or the one that a VLAN without a name goes by.</summary>
    public string DisplayName => Name ?? (Id == PortPolicy.DefaultVlan ? "default" : $"VLAN{Id:D4}");

    public bool Suspended { get; init; }

    public bool Shutdown { get; init; }
}

/// <summary>A module slot as remembered: <c>vem 3</c>, <c>host id ...</c>.</summary>
public sealed record ModuleConfig(int Number, string HostId);

/// <summary>
/// The whole configuration, immutable: a change is a new value, and a transaction publishes it or throws it away.
/// </summary>
public sealed record SwitchConfig
{
    public static readonly SwitchConfig Empty = new();

    public string HostName { get; init; } = "switch";

    /// <summary>Seconds, 0 (never) or 60-1000000.</summary>
    public int MacAgeingSeconds { get; init; } = 300;

    public ImmutableSortedDictionary<int, VlanConfig> Vlans { get; init; } =
        ImmutableSortedDictionary<int, VlanConfig>.Empty.Add(1, new VlanConfig { Id = 1 });

    public ImmutableSortedDictionary<string, AccessListConfig> AccessLists { get; init; } =
        ImmutableSortedDictionary.Create<string, AccessListConfig>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, PortProfileConfig> Profiles { get; init; } =
        ImmutableSortedDictionary.Create<string, PortProfileConfig>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<InterfaceId, InterfaceConfig> Interfaces { get; init; } =
        ImmutableSortedDictionary<InterfaceId, InterfaceConfig>.Empty;

    public ImmutableSortedDictionary<int, ModuleConfig> Modules { get; init; } =
        ImmutableSortedDictionary<int, ModuleConfig>.Empty;
}

using System.Collections.Immutable;

namespace VSwitch.Commands.Tests;

/// <summary>What a port can be told, whether by a profile or by hand.</summary>
public sealed record ToyPort
{
    public string? Mode { get; init; }

    public int? AccessVlan { get; init; }

    public NumberSet? TrunkVlans { get; init; }

    public string? AclIn { get; init; }

    public string? AclOut { get; init; }

    public bool? Shutdown { get; init; }
}

public sealed record ToyProfile(string Name, string Type)
{
    public string? Description { get; init; }

    public string? Parent { get; init; }

    public ToyPort Port { get; init; } = new();

    public bool Enabled { get; init; }
}

public sealed record ToyInterface(InterfaceName Name)
{
    public string? Description { get; init; }

    public ToyPort Port { get; init; } = new();
}

public sealed record ToyVlan(int Id)
{
    public string? Name { get; init; }
}

public sealed record ToyAcl(string Name)
{
    public ImmutableSortedDictionary<int, string> Rules { get; init; } = ImmutableSortedDictionary<int, string>.Empty;
}

public sealed record ToyConfig
{
    public string HostName { get; init; } = "switch";

    public ImmutableSortedDictionary<int, ToyVlan> Vlans { get; init; } = ImmutableSortedDictionary<int, ToyVlan>.Empty;

    public ImmutableSortedDictionary<string, ToyAcl> Acls { get; init; } =
        ImmutableSortedDictionary.Create<string, ToyAcl>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, ToyProfile> Profiles { get; init; } =
        ImmutableSortedDictionary.Create<string, ToyProfile>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<InterfaceName, ToyInterface> Interfaces { get; init; } =
        ImmutableSortedDictionary<InterfaceName, ToyInterface>.Empty;
}

/// <summary>What the toy's commands act on.</summary>
public sealed class ToySwitch
{
    public ToyConfig Config { get; set; } = new();

    /// <summary>How many commands reached a handler.</summary>
    public int Handled { get; set; }
}

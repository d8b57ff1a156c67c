using System.Collections.Immutable;
using VSwitch.Wire;

namespace VSwitch.Policy;

public enum AccessAction
{
    Permit,
    Deny,
}

public enum PortOperator
{
    Any,
    Equal,
    NotEqual,
    GreaterThan,
    LessThan,
    Range,
}

/// <summary>A match on a TCP or UDP port. For every operator but Range, <paramref name="High"/> equals <paramref name="Low"/>.</summary>
public readonly record struct PortMatch(PortOperator Operator, ushort Low, ushort High)
{
    public static readonly PortMatch Any;

    public bool Matches(ushort port) => Operator switch
    {
        PortOperator.Equal => port == Low,
        PortOperator.NotEqual => port != Low,
        PortOperator.GreaterThan => port > Low,
        PortOperator.LessThan => port < Low,
        PortOperator.Range => port >= Low && port <= High,
        _ => true,
    };
}

/// <summary>One entry of an IPv4 access list, as said.</summary>
public sealed record AccessEntry
{
    /// <summary>1-4294967295; entries are tried in this order.</summary>
    public required uint Sequence { get; init; }

    /// <summary>Set on an entry that is only a remark; nothing else then counts.</summary>
    public string? Remark { get; init; }

    public AccessAction Action { get; init; }

    /// <summary>IP protocol number, or null for <c>ip</c>: any.</summary>
    public byte? Protocol { get; init; }

    public Ipv4Prefix Source { get; init; }

    public PortMatch SourcePort { get; init; }

    public Ipv4Prefix Destination { get; init; }

    public PortMatch DestinationPort { get; init; }

    /// <summary>TCP only: ACK or RST is set.</summary>
    public bool Established { get; init; }

    /// <summary>DSCP value 0-63, or null.</summary>
    public byte? Dscp { get; init; }

    /// <summary>ICMP type, or null; ICMP only.</summary>
    public byte? IcmpType { get; init; }
}

/// <summary>An IPv4 access list as said. After the last entry everything else is denied.</summary>
public sealed record AccessListConfig
{
    public required string Name { get; init; }

    /// <summary><c>statistics per-entry</c>.</summary>
    public bool StatisticsPerEntry { get; init; }

    /// <summary>Ordered by <see cref="AccessEntry.Sequence"/>, each sequence once.</summary>
    public ImmutableArray<AccessEntry> Entries { get; init; } = [];
}

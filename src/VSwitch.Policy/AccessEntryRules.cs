using VSwitch.Wire;

namespace VSwitch.Policy;

/// <summary>
/// What one entry matches, said plainly: the reference for every faster form. A fragment other than the first has no
/// ports, flags or type to compare: an entry that asks for them matches it on addresses and protocol alone if it
/// permits, and not at all if it denies (the IOS rule), so that fragments of permitted datagrams pass.
/// </summary>
public static class AccessEntryRules
{
    public static bool Matches(AccessEntry entry, ref readonly FrameHeaders headers)
    {
        if (entry.Protocol is { } protocol && protocol != headers.Protocol)
            return false;
        if (!entry.Source.Contains(headers.Ipv4Source) || !entry.Destination.Contains(headers.Ipv4Destination))
            return false;
        if (entry.Dscp is { } dscp && dscp != headers.Dscp)
            return false;
        if (!AsksForL4(entry))
            return true;
        if (headers.L4Offset == 0)
            return headers.Has(ParseFlags.LaterFragment) && entry.Action == AccessAction.Permit;
        return entry.SourcePort.Matches(headers.SourcePort)
            && entry.DestinationPort.Matches(headers.DestinationPort)
            && (!entry.Established || (headers.TcpFlags & (TcpFlags.Ack | TcpFlags.Rst)) != TcpFlags.None)
            && (entry.IcmpType is not { } type || type == headers.IcmpType);
    }

    /// <summary>Whether an entry compares anything beyond the IP header.</summary>
    public static bool AsksForL4(AccessEntry entry) =>
        entry.SourcePort.Operator != PortOperator.Any || entry.DestinationPort.Operator != PortOperator.Any
        || entry.Established || entry.IcmpType is not null;
}

using System.Runtime.CompilerServices;
using VSwitch.Wire;

namespace VSwitch.Policy;

/// <summary>An entry of an access list as configurations and <c>show access-lists</c> write it.</summary>
public static class AccessEntryText
{
    /// <summary>Entries never change, and a list of thousands is written out whenever one is added to it.</summary>
    private static readonly ConditionalWeakTable<AccessEntry, string> Texts = [];

    /// <summary><c>10 permit tcp any 10.0.0.10/32 eq www</c>; hosts print as /32, ports and protocols by name where they have one.</summary>
    public static string Of(AccessEntry entry) => Texts.GetValue(entry, Write);

    private static string Write(AccessEntry entry)
    {
        if (entry.Remark is { } remark)
            return $"{entry.Sequence} remark {remark}";

        var words = new List<string>
        {
            $"{entry.Sequence}",
            entry.Action == AccessAction.Permit ? "permit" : "deny",
            entry.Protocol is { } protocol ? NumberNames.Protocols.Text(protocol) : "ip",
            entry.Source.ToString(),
        };
        AddPort(words, entry.SourcePort, entry.Protocol);
        words.Add(entry.Destination.ToString());
        AddPort(words, entry.DestinationPort, entry.Protocol);
        if (entry.IcmpType is { } type)
            words.Add(NumberNames.IcmpTypes.Text(type));
        if (entry.Dscp is { } dscp)
            words.Add($"dscp {NumberNames.Dscps.Text(dscp)}");
        if (entry.Established)
            words.Add("established");
        return string.Join(' ', words);
    }

    private static void AddPort(List<string> words, PortMatch match, byte? protocol)
    {
        NumberNames names = protocol == IpProtocol.Tcp ? NumberNames.TcpPorts : NumberNames.UdpPorts;
        string low = names.Text(match.Low);
        string? text = match.Operator switch
        {
            PortOperator.Equal => $"eq {low}",
            PortOperator.NotEqual => $"neq {low}",
            PortOperator.GreaterThan => $"gt {low}",
            PortOperator.LessThan => $"lt {low}",
            PortOperator.Range => $"range {low} {names.Text(match.High)}",
            _ => null,
        };
        if (text is not null)
            words.Add(text);
    }
}

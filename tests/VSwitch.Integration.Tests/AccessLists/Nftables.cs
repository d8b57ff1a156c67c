using System.Text;
using System.Text.Json;
using VSwitch.Policy;
using VSwitch.Wire;

namespace VSwitch.Integration.Tests.AccessLists;

/// <summary>
/// An access list as rules of nftables in the bridge family: one named counter for each entry and one for the implicit deny.
/// A rule that asks for more than the IP header says itself that a later fragment has no more: the kernel would compare
/// whatever bytes lie there. An entry that permits has a second rule for those.
/// </summary>
internal static class Nftables
{
    private const string Implicit = "implicit";

    /// <summary>Loads the list into a namespace; every bridge there obeys it.</summary>
    public static void Load(string netns, AccessListConfig list)
    {
        ShellResult result = Shell.Try("ip", ["netns", "exec", netns, "nft", "-f", "-"], Ruleset(list));
        Assert.True(result.ExitCode == 0, result.Everything);
    }

    /// <summary>The frames that each entry matched, those of the implicit deny last.</summary>
    public static long[] ReadCounters(string netns, AccessListConfig list)
    {
        using JsonDocument listing = JsonDocument.Parse(Shell.Run("ip", "netns", "exec", netns, "nft", "-j", "list", "counters"));
        var counters = listing.RootElement.GetProperty("nftables").EnumerateArray()
            .Where(item => item.TryGetProperty("counter", out _))
            .Select(item => item.GetProperty("counter"))
            .ToDictionary(counter => counter.GetProperty("name").GetString()!, counter => counter.GetProperty("packets").GetInt64());
        return [.. list.Entries.Select(entry => counters[Counter(entry)]), counters[Implicit]];
    }

    private static string Ruleset(AccessListConfig list)
    {
        var text = new StringBuilder("table bridge acl {\n");
        foreach (string counter in list.Entries.Select(Counter).Append(Implicit))
            text.Append($"counter {counter} {{ }}\n");
        text.Append("chain entries { type filter hook prerouting priority 0; policy accept;\n");
        text.Append("ether type != ip accept\n");
        foreach (AccessEntry entry in list.Entries)
        {
            string end = $"counter name {Counter(entry)} {(entry.Action == AccessAction.Permit ? "accept" : "drop")}\n";
            string l4 = L4Conditions(entry);
            text.Append($"{Ipv4Conditions(entry)} {l4} {end}");
            if (l4.Length > 0 && entry.Action == AccessAction.Permit)
                text.Append($"{Ipv4Conditions(entry)} ip frag-off & 0x1fff != 0 {end}");
        }
        return text.Append($"counter name {Implicit} drop\n}}\n}}\n").ToString();
    }

    private static string Counter(AccessEntry entry) => $"entry{entry.Sequence}";

    private static string Ipv4Conditions(AccessEntry entry)
    {
        var conditions = new List<string> { AddressCondition("saddr", entry.Source), AddressCondition("daddr", entry.Destination) };
        if (entry.Protocol is { } protocol)
            conditions.Add($"ip protocol {protocol}");
        if (entry.Dscp is { } dscp)
            conditions.Add($"ip dscp {dscp}");
        return string.Join(' ', conditions);
    }

    private static string AddressCondition(string field, Ipv4Prefix prefix) =>
        prefix.Mask == 0 ? "" : $"ip {field} & {new Ipv4Address(prefix.Mask)} == {prefix.Address}";

    private static string L4Conditions(AccessEntry entry)
    {
        string protocol = entry.Protocol == IpProtocol.Tcp ? "tcp" : "udp";
        var conditions = new List<string>();
        if (entry.SourcePort != PortMatch.Any)
            conditions.Add($"{protocol} sport {PortCondition(entry.SourcePort)}");
        if (entry.DestinationPort != PortMatch.Any)
            conditions.Add($"{protocol} dport {PortCondition(entry.DestinationPort)}");
        if (entry.Established)
            conditions.Add("tcp flags & (ack | rst) != 0");
        if (entry.IcmpType is { } type)
            conditions.Add($"icmp type {type}");
        return conditions.Count > 0 ? $"ip frag-off & 0x1fff == 0 {string.Join(' ', conditions)}" : "";
    }

    /// <summary>
    /// A range stands for the one port of <c>neq</c>: nft 1.0.6 joins plain inequalities of both ports into one of the pair, which
    /// lets pass what differs in only one.
    /// </summary>
    private static string PortCondition(PortMatch match) => match.Operator switch
    {
        PortOperator.Equal => $"{match.Low}",
        PortOperator.NotEqual => $"!= {match.Low}-{match.Low}",
        PortOperator.GreaterThan => $"> {match.Low}",
        PortOperator.LessThan => $"< {match.Low}",
        PortOperator.Range => $"{match.Low}-{match.High}",
        _ => throw new InvalidOperationException($"A port without an operator: {match}."),
    };
}

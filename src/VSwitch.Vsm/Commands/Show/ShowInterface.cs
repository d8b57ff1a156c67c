using VSwitch.Commands;
using VSwitch.Policy;
using VSwitch.Protocol;

namespace VSwitch.Vsm;

/// <summary>One interface whole: <c>show interface vethernet 1</c>, and its <c>switchport</c>.</summary>
internal static class ShowInterface
{
    private const int EthernetPayloadBytes = 1500;

    public static Report Whole(CommandContext context, IReadOnlyCollection<InterfaceStatus> ports)
    {
        ModuleAnswers answers = ModuleAnswers.Ask(
            context.Supervisor.Modules.Connected.Where(module => ports.Any(port => port.Module == module)), CounterTable.Question);
        var counters = new CounterTable(answers);
        return new Report(
            new Items("interfaces", ports.Select(port => Whole(context, port, counters.Of(port.Id)))), answers.Missing);
    }

    private static Report Whole(CommandContext context, InterfaceStatus port, InterfaceCounters counters)
    {
        string[] lines = [.. Head(port), .. port.Id.IsVethernet ? Veth(port) : Ethernet(port), .. Rates(context, port), .. Traffic(counters)];
        return new Lines(lines)
        {
            Data =
            [
                ("interface", port.Id.ToString()),
                ("state", port.IsUp ? "up" : "down"),
                ("reason", port.Down?.Reason),
                ("detail", port.Down?.Detail),
                ("description", port.Config.Description),
                ("mac", InterfaceWords.Mac(port)),
                ("owner", port.Config.Owner?.Vm),
                ("adapter", port.Config.Owner is { } owner ? owner.Adapter : Value.None),
                ("module", port.Module is { } module ? module.Number : Value.None),
                ("device", port.Attachment?.Device),
                ("port_profile", port.ProfileName),
                ("mode", port.IsTrunk ? "trunk" : "access"),
                ("access_vlan", port.Policy.AccessVlan),
                ("native_vlan", port.Policy.NativeVlan),
                ("allowed_vlans", port.Policy.AllowedVlans.ToString()),
                .. Data(counters),
            ],
        };
    }

    private static IEnumerable<string> Head(InterfaceStatus port)
    {
        yield return port.Down is { } down ? $"{port.Id} is down ({down.Reason})" : $"{port.Id} is up";
        if (port.Down?.Detail is { } detail)
            yield return $"  Reason is {detail}";
        if (port.Config.Description is { } description)
            yield return $"  Port description is {description}";
    }

    private static IEnumerable<string> Veth(InterfaceStatus port)
    {
        string mac = InterfaceWords.Mac(port) ?? "0000.0000.0000";
        yield return $"  Hardware: Virtual, address: {mac} (bia {mac})";
        yield return port.Config.Owner is { } owner
            ? $"  Owner is VM \"{owner.Vm}\", adapter is Network Adapter {owner.Adapter}"
            : "  Owner is not known";
        yield return port.Module is { } module ? $"  Active on module {module.Number}" : "  Active on no module";
        if (port.Attachment is { } attachment)
            yield return $"  Attached by {attachment.Kind} {AttachmentCheck.Printable(attachment.Device)}";
        yield return $"  Port-Profile is {port.ProfileName}";
        yield return $"  Port mode is {(port.IsTrunk ? "trunk" : "access")}";
    }

    private static IEnumerable<string> Ethernet(InterfaceStatus port)
    {
        string mac = InterfaceWords.Mac(port) ?? "0000.0000.0000";
        yield return $"  Hardware: Ethernet, address: {mac} (bia {mac})";
        if (port.Attachment is { } attachment)
            yield return $"  Attached by {attachment.Kind} {AttachmentCheck.Printable(attachment.Device)}";
        yield return $"  Port-Profile is {port.ProfileName}";
        yield return $"  MTU {port.Policy.MtuBytes ?? EthernetPayloadBytes} bytes";
        yield return "  Encapsulation ARPA";
        yield return $"  Port mode is {(port.IsTrunk ? "trunk" : "access")}";
    }

    private static IEnumerable<string> Rates(CommandContext context, InterfaceStatus port)
    {
        yield return $"  5 minute input rate {Text(context.Supervisor.Rates.Input(port.Id))}";
        yield return $"  5 minute output rate {Text(context.Supervisor.Rates.Output(port.Id))}";
    }

    private static string Text(Rate rate) => $"{rate.BitsPerSecond:0} bits/second, {rate.PacketsPerSecond:0} packets/second";

    private static IEnumerable<string> Traffic(InterfaceCounters counters)
    {
        yield return "  Rx";
        yield return $"    {counters.Received()} Input Packets {counters.ReceivedUnicast} Unicast Packets";
        yield return $"    {counters.ReceivedMulticast} Multicast Packets {counters.ReceivedBroadcast} Broadcast Packets";
        yield return $"    {counters.ReceivedBytes} Bytes";
        yield return "  Tx";
        yield return $"    {counters.Sent()} Output Packets {counters.SentUnicast} Unicast Packets";
        yield return $"    {counters.SentMulticast} Multicast Packets {counters.SentBroadcast} Broadcast Packets {counters.SentFlood} Flood Packets";
        yield return $"    {counters.SentBytes} Bytes";
        yield return $"  {counters.Dropped(egress: false)} Input Packet Drops {counters.Dropped(egress: true)} Output Packet Drops";
        foreach (DropCounter drop in counters.Drops.Where(drop => drop.Count > 0))
            yield return $"    {drop.Count} {AttachmentCheck.Printable(drop.Reason)} ({(drop.Egress ? "output" : "input")})";
    }

    private static IEnumerable<(string Name, Value Value)> Data(InterfaceCounters counters) =>
    [
        ("in_packets", counters.Received()), ("in_unicast", counters.ReceivedUnicast), ("in_multicast", counters.ReceivedMulticast),
        ("in_broadcast", counters.ReceivedBroadcast), ("in_bytes", counters.ReceivedBytes), ("in_drops", counters.Dropped(egress: false)),
        ("out_packets", counters.Sent()), ("out_unicast", counters.SentUnicast), ("out_multicast", counters.SentMulticast),
        ("out_broadcast", counters.SentBroadcast), ("out_flood", counters.SentFlood), ("out_bytes", counters.SentBytes),
        ("out_drops", counters.Dropped(egress: true)),
        ("sw_csum", counters.SoftwareChecksums), ("sw_gso", counters.SoftwareSegmentations),
    ];

    public static Report Switchport(SwitchConfig config, InterfaceStatus port)
    {
        var fields = new Fields(FieldStyle.Indented(2))
        {
            { "Switchport", "Enabled" },
            { "Switchport Monitor", "Not enabled" },
            { "Operational Mode", port.IsTrunk ? "trunk" : "access" },
            { "Access Mode VLAN", Vlan(config, port.Policy.AccessVlan) },
            { "Trunking Native Mode VLAN", Vlan(config, port.Policy.NativeVlan) },
            { "Trunking VLANs Allowed", port.Policy.AllowedVlans.ToString() },
            { "Administrative private-vlan primary host-association", "none" },
            { "Administrative private-vlan secondary host-association", "none" },
            { "Administrative private-vlan primary mapping", "none" },
            { "Administrative private-vlan secondary mapping", "none" },
            { "Administrative private-vlan trunk native VLAN", "none" },
            { "Administrative private-vlan trunk encapsulation", "dot1q" },
            { "Administrative private-vlan trunk normal VLANs", "none" },
            { "Administrative private-vlan trunk private VLANs", "none" },
            { "Operational private-vlan", "none" },
        };
        return new Report(new Lines($"Name: {port.Id}") { Data = [("name", port.Id.ToString())] }, fields);
    }

    private static Value Vlan(SwitchConfig config, int id) =>
        Value.Of($"{id} ({(config.Vlans.TryGetValue(id, out VlanConfig? vlan) ? vlan.DisplayName : "Vlan not created")})", id);
}

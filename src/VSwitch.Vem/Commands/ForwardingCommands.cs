using VSwitch.Commands;
using VSwitch.Forwarding;
using VSwitch.Protocol;
using VSwitch.Wire;

namespace VSwitch.Vem;

/// <summary>The commands about forwarding: addresses, VLANs and access lists.</summary>
internal static class ForwardingCommands
{
    public static void Declare(CommandTable<VemControl> table)
    {
        table.Explain(
            ("l2", "MAC addresses"),
            ("vlan", "VLANs and the ports that carry them"),
            ("acl", "Access lists and what each entry matched"));
        table.Exec.Show("show l2 all", "MAC addresses of every VLAN", invocation => Addresses(invocation.Context),
            new Words { ["all"] = "Every VLAN" });
        table.Exec.Show("show vlan", "Ports of every VLAN that has any", invocation => Vlans(invocation.Context));
        table.Exec.Show("show acl", "Access lists in force", invocation => AccessLists(invocation.Context));
        table.Exec.Act("clear l2", "Forget every MAC address that was learnt", invocation => invocation.Context.Switch.MacTable.FlushDynamic());
    }

    private static Report Addresses(VemControl control)
    {
        uint timeout = control.Configuration.Settings?.MacAgeingSeconds ?? 0;
        List<MacTableEntry> entries = control.Switch.MacTable.Entries(Switch.NowSeconds);
        var parts = new List<Report>();
        foreach (IGrouping<int, MacTableEntry> vlan in entries.GroupBy(entry => entry.Vlan))
        {
            var head = new Lines(
                $" Bridge domain {vlan.Key,4} brtmax {control.Switch.MacTable.Capacity}, brtcnt {vlan.Count()}, timeout {timeout}",
                $" VLAN {vlan.Key}, swbd {vlan.Key}, \"\"",
                " Flags:  P - PVLAN  S - Secure  D - Drop")
            {
                Data = [("vlan", vlan.Key)],
            };
            var table = new Table("addresses", TableStyle.Plain,
                Right("Type", 8), Right("MAC Address", 20), Right("LTL", 6), Right("timeout", 10), Right("Flags", 9), Right("PVLAN", 9),
                new Column("  Port", 16) { Name = "port" });
            foreach (MacTableEntry entry in vlan)
            {
                VemPort? port = control.Ports.FirstOrDefault(port => port.SwitchPort?.Index == entry.Port);
                string title = port?.Title ?? "";
                table.Add(entry.IsStatic ? "Static" : "Dynamic", new MacAddress(entry.Address).ToColon(), port?.Ltl ?? 0, (long)entry.AgeSeconds, "", "",
                    Value.Of("  " + title, title));
            }
            parts.Add(new Report(head, table));
        }
        return new Items("vlans", parts);
    }

    private static Report Vlans(VemControl control)
    {
        var table = new Table(TableStyle.Groups, new Column("VLAN", 4), new Column("State", 9), new Column("Ports", 60));
        SwitchSnapshot snapshot = control.Switch.Snapshot;
        for (int vlan = VlanSet.VlanMin; vlan <= VlanSet.VlanMax; vlan++)
        {
            string[] ports = [.. control.Ports.Where(port => Carries(snapshot, port, vlan)).Select(port => port.Title)];
            bool isNamed = ports.Length > 0 && (vlan == 1 || IsNamed(control, snapshot, vlan));
            if (isNamed)
                table.Add(vlan, snapshot.ActiveVlans.Contains(vlan) ? "active" : "inactive", Value.List([.. ports.Select(port => (Value)port)]));
        }
        return table;
    }

    private static bool Carries(SwitchSnapshot snapshot, VemPort port, int vlan) =>
        port.SwitchPort is { } open && (snapshot.Port(open.Index)?.Policy.Carries(vlan) ?? false);

    /// <summary>A trunk that carries every VLAN names none of them.</summary>
    private static bool IsNamed(VemControl control, SwitchSnapshot snapshot, int vlan) => control.Ports.Any(port =>
        Carries(snapshot, port, vlan) && !snapshot.Port(port.SwitchPort!.Index)!.Value.Policy.Vlans.Equals(VlanSet.All));

    private static Report AccessLists(VemControl control)
    {
        var table = new Table(TableStyle.Plain, new Column("Access list", 24), new Column("Entry", 10), new Column("Action", 8),
            new Column("Matches", 14) { Align = Alignment.Right });
        AccessListTable lists = control.Switch.AccessLists;
        foreach (BoundAccessList list in lists.Lists)
        {
            for (int entry = 0; entry <= list.Rules.EntryCount; entry++)
            {
                bool isImplicit = entry == list.Rules.EntryCount;
                table.Add(list.Rules.Config.Name, isImplicit ? "implicit" : list.Rules.Entry(entry).Sequence.ToString(),
                    list.Rules.Permits(entry) ? "permit" : "deny", lists.Matches(list, entry, control.Switch.ReadCell));
            }
        }
        return table;
    }

    private static Column Right(string title, int width) => new(title, width) { Align = Alignment.Right, Gap = 0 };
}

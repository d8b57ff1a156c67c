using VSwitch.Commands;
using VSwitch.Policy;

namespace VSwitch.Vsm;

/// <summary>The <c>show vlan</c> family.</summary>
internal static class ShowVlans
{
    public static void AddTo(Mode<CommandContext> exec)
    {
        exec.Show("show vlan", "Shows VLANs with their types.", invocation => Whole(invocation.Context, invocation.Context.Config.Vlans.Values));
        exec.Show("show vlan brief", "Shows a line for each VLAN.", invocation =>
            Brief(invocation.Context, invocation.Context.Config.Vlans.Values));
        exec.Show("show vlan id <vlan:vlan-id>", "Shows a VLAN by its number.", invocation =>
            One(invocation.Context, vlan => vlan.Id == invocation.Get<int>("vlan"), $"{invocation.Get<int>("vlan")}"));
        exec.Show("show vlan name <name:vlan-name>", "Shows a VLAN by its name.", invocation =>
            One(invocation.Context, vlan => vlan.DisplayName == invocation.Get<string>("name"), invocation.Get<string>("name")));
    }

    private static Report One(CommandContext context, Func<VlanConfig, bool> isIt, string wanted) =>
        context.Config.Vlans.Values.FirstOrDefault(isIt) is { } vlan
            ? Whole(context, [vlan])
            : throw new CommandException($"VLAN {wanted} does not exist");

    private static Report Whole(CommandContext context, IEnumerable<VlanConfig> vlans)
    {
        VlanConfig[] shown = [.. vlans];
        var types = new Table("types", TableStyle.Groups, new Column("VLAN", 4), new Column("Type", 5));
        foreach (VlanConfig vlan in shown)
            types.Add(vlan.Id, "enet");
        var remoteSpan = new Lines("Remote SPAN VLANs", new string('-', TableStyle.ScreenWidth));
        var privateVlans = new Table("private_vlans", TableStyle.Groups,
            new Column("Primary", 7) { Gap = 2 }, new Column("Secondary", 9) { Gap = 2 }, new Column("Type", 15) { Gap = 2 },
            new Column("Ports", 43));
        return new Report(Brief(context, shown), Lines.Blank, types, Lines.Blank, remoteSpan, Lines.Blank, privateVlans);
    }

    /// <summary>Ports are listed in the VLANs that they forward now.</summary>
    private static Table Brief(CommandContext context, IEnumerable<VlanConfig> vlans)
    {
        InterfaceStatus[] up = [.. context.Interfaces.VethernetsFirst.Where(port => port.IsUp)];
        var table = new Table("vlans", TableStyle.Groups,
            new Column("VLAN", 4), new Column("Name", 32), new Column("Status", 9), new Column("Ports", 31) { Overflow = Overflow.Wrap });
        foreach (VlanConfig vlan in vlans)
        {
            table.Add(
                vlan.Id, vlan.DisplayName, Status(vlan),
                Value.List(up.Where(port => Carries(port, vlan.Id)).Select(port => (Value)InterfaceNames.Name(port.Id))));
        }

        return table;
    }

    private static bool Carries(InterfaceStatus port, int vlan) =>
        port.IsTrunk ? port.Policy.AllowedVlans.Contains(vlan) : port.Policy.AccessVlan == vlan;

    private static string Status(VlanConfig vlan) => (vlan.Suspended, vlan.Shutdown) switch
    {
        (false, false) => "active",
        (true, false) => "suspended",
        (false, true) => "act/lshut",
        (true, true) => "sus/lshut",
    };
}

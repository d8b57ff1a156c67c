using VSwitch.Commands;
using VSwitch.Policy;
using VSwitch.Wire;

namespace VSwitch.Vsm;

/// <summary><c>vlan 10,20-30</c> and what is said about VLANs inside it.</summary>
internal static class VlanCommands
{
    public static void Add(CommandTable<CommandContext> table, ConfigurationMode<CommandContext, SwitchConfig> global)
    {
        ConfigurationMode<CommandContext, VlanConfig> mode = table.AddMode<VlanConfig>(
            "config-vlan", "config-vlan", "Commands that configure VLANs", global,
            (context, session, change) => context.Change(config => VlanEdits.Update(config, VlanSet.Parse(session.Key), change)));

        mode.Settings.Add(
            "name <name:vlan-name>", "Names the VLAN.",
            set: (vlan, invocation) => vlan with { Name = invocation.Get<string>("name") },
            unset: (vlan, _) => vlan with { Name = null },
            render: vlan => vlan.Name is null ? null : $"name {vlan.Name}",
            no: "name [<name:vlan-name>]");
        mode.Settings.Add(
            "state {active|suspend}", "Lets the VLAN forward or not, on every switch that hears of it.",
            set: (vlan, invocation) => vlan with { Suspended = invocation.Has("suspend") },
            unset: (vlan, _) => vlan with { Suspended = false },
            render: vlan => vlan.Suspended ? "state suspend" : null,
            no: "state [active|suspend]",
            words: new Words { ["active"] = "Forward frames", ["suspend"] = "Drop all frames" });
        mode.Settings.Add(
            "shutdown", "Stops forwarding in the VLAN on this switch.",
            set: (vlan, _) => vlan with { Shutdown = true },
            unset: (vlan, _) => vlan with { Shutdown = false },
            render: vlan => vlan.Shutdown ? "shutdown" : null,
            words: new Words { ["shutdown"] = "Stop forwarding in the VLAN" });

        global.Settings.Section(
            "vlan <vlans>", "Makes VLANs and configures them.", mode,
            key: invocation => invocation.Get<NumberSet>("vlans").ToString(),
            open: (config, invocation) => VlanEdits.Create(config, Set(invocation)),
            remove: (config, invocation) => VlanEdits.Remove(config, Set(invocation)),
            children: Sections);
    }

    private static VlanSet Set(Invocation<CommandContext> invocation) => VlanSet.Parse(invocation.Get<NumberSet>("vlans").ToString());

    /// <summary>First all VLANs in one list, then those about which something is said.</summary>
    private static IEnumerable<(string Header, VlanConfig Vlan)> Sections(SwitchConfig config)
    {
        foreach (string list in VlanLists.Lines(VlanReferences.Existing(config)))
            yield return ($"vlan {list}", new VlanConfig { Id = 0 });
        foreach (VlanConfig vlan in config.Vlans.Values.Where(vlan => vlan != new VlanConfig { Id = vlan.Id }))
            yield return ($"vlan {vlan.Id}", vlan);
    }
}

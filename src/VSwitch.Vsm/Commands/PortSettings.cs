using VSwitch.Commands;
using VSwitch.Policy;
using VSwitch.Wire;

namespace VSwitch.Vsm;

/// <summary>What can be said about a port, in a profile and on an interface alike.</summary>
internal static class PortSettings
{
    public static Settings<CommandContext, PortConfig> All()
    {
        var settings = new Settings<CommandContext, PortConfig>();
        AddSwitchport(settings);
        settings.Add(
            "mtu <bytes:576-9216>", "Sets the largest payload of an uplink, in bytes.",
            set: (port, invocation) => port with { MtuBytes = invocation.Get<int>("bytes") },
            unset: (port, _) => port with { MtuBytes = null },
            render: port => port.MtuBytes is { } mtu ? $"mtu {mtu}" : null,
            no: "mtu [<bytes:576-9216>]");
        AddAccessGroups(settings);
        settings.Add(
            "shutdown", "Stops the port; \"no shutdown\" starts it.",
            set: (port, _) => port with { Shutdown = true },
            unset: (port, invocation) => port with { Shutdown = invocation.IsDefault ? null : false },
            render: port => port.Shutdown switch { true => "shutdown", false => "no shutdown", null => null });
        return settings;
    }

    private static void AddSwitchport(Settings<CommandContext, PortConfig> settings)
    {
        settings.Add(
            "switchport mode {access|trunk}", "Makes the port one of a single VLAN or a trunk of tagged VLANs.",
            set: (port, invocation) => port with { Mode = invocation.Has("trunk") ? SwitchportMode.Trunk : SwitchportMode.Access },
            unset: (port, _) => port with { Mode = null },
            render: port => port.Mode is { } mode ? $"switchport mode {(mode == SwitchportMode.Trunk ? "trunk" : "access")}" : null,
            no: "switchport mode [access|trunk]",
            words: new Words { ["access"] = "One VLAN, without tags", ["trunk"] = "Many VLANs, with tags" });
        settings.Add(
            "switchport access vlan <vlan>", "Puts an access port into a VLAN.",
            set: (port, invocation) => Named(port with { AccessVlan = invocation.Get<int>("vlan") }, invocation, OnlyAccess),
            unset: (port, _) => port with { AccessVlan = null },
            render: port => port.AccessVlan is { } vlan ? $"switchport access vlan {vlan}" : null,
            no: "switchport access vlan [<vlan>]");
        settings.Add(
            "switchport trunk native vlan <vlan>", "Says which VLAN a trunk's untagged frames belong to.",
            set: (port, invocation) => Named(port with { NativeVlan = invocation.Get<int>("vlan") }, invocation, OnlyNative),
            unset: (port, _) => port with { NativeVlan = null },
            render: port => port.NativeVlan is { } vlan ? $"switchport trunk native vlan {vlan}" : null,
            no: "switchport trunk native vlan [<vlan>]");
        settings.Add(
            "switchport trunk allowed vlan {<vlans:vlan-list>|all|none|add add:{<vlans:vlan-list>}|remove remove:{<vlans:vlan-list>}|"
            + "except except:{<vlans:vlan-list>}}",
            "Says which VLANs a trunk carries.",
            set: (port, invocation) => Named(port with { AllowedVlans = Allowed(port, invocation) }, invocation, OnlyAllowed),
            unset: (port, _) => port with { AllowedVlans = null },
            render: port => port.AllowedVlans is { } vlans ? AllowedLines(vlans) : [],
            no: "switchport trunk allowed vlan [<vlans:vlan-list>|all|none]",
            words: new Words
            {
                ["all"] = "Every VLAN",
                ["none"] = "No VLAN",
                ["add"] = "Add VLANs to the list",
                ["remove"] = "Take VLANs off the list",
                ["except"] = "Every VLAN but these",
            });
    }

    private static PortConfig OnlyAccess(PortConfig port) => new() { AccessVlan = port.AccessVlan };

    private static PortConfig OnlyNative(PortConfig port) => new() { NativeVlan = port.NativeVlan };

    private static PortConfig OnlyAllowed(PortConfig port) => new() { AllowedVlans = port.AllowedVlans };

    /// <summary>Creates the VLANs that the command names, if they do not exist, and leaves alone what other commands named.</summary>
    private static PortConfig Named(PortConfig port, Invocation<CommandContext> invocation, Func<PortConfig, PortConfig> only)
    {
        invocation.Context.NameVlans(only(port));
        return port;
    }

    private static VlanSet Allowed(PortConfig port, Invocation<CommandContext> invocation)
    {
        VlanSet current = port.AllowedVlans ?? invocation.Context.Inherited.AllowedVlans ?? VlanSet.All;
        if (invocation.TryGet("vlans", out NumberSet vlans))
            return Set(vlans);
        if (invocation.TryGet("add.vlans", out vlans))
            return current.Add(Set(vlans));
        if (invocation.TryGet("remove.vlans", out vlans))
            return current.Remove(Set(vlans));
        if (invocation.TryGet("except.vlans", out vlans))
            return VlanSet.AllExcept(Set(vlans));
        return invocation.Has("all") ? VlanSet.All : VlanSet.Empty;
    }

    private static VlanSet Set(NumberSet numbers) => VlanSet.Parse(numbers.ToString());

    private static IEnumerable<string> AllowedLines(VlanSet vlans) =>
        vlans.Equals(VlanSet.All)
            ? ["switchport trunk allowed vlan all"]
            : VlanLists.Lines(vlans).Select((list, index) => $"switchport trunk allowed vlan {(index > 0 ? "add " : "")}{list}");

    private static void AddAccessGroups(Settings<CommandContext, PortConfig> settings)
    {
        AddAccessGroup(settings, "in", port => port.AccessGroupIn, (port, list) => port with { AccessGroupIn = list });
        AddAccessGroup(settings, "out", port => port.AccessGroupOut, (port, list) => port with { AccessGroupOut = list });
    }

    private static void AddAccessGroup(
        Settings<CommandContext, PortConfig> settings, string direction, Func<PortConfig, string?> get, Func<PortConfig, string?, PortConfig> put) =>
        settings.Add(
            $"ip [port] access-group <acl> {direction}",
            direction == "in" ? "Filters the frames that come in from the port." : "Filters the frames that leave by the port.",
            set: (port, invocation) =>
            {
                string list = invocation.Get<string>("acl");
                if (!invocation.Context.Config.AccessLists.ContainsKey(list))
                    invocation.Context.Note($"Access list {list} does not exist yet; until it does, everything is permitted.");
                return put(port, list);
            },
            unset: (port, invocation) => invocation.TryGet("acl", out string list) && get(port) != list
                ? throw new CommandException($"access list {list} is not applied here in direction {direction}")
                : put(port, null),
            render: port => get(port) is { } list ? $"ip port access-group {list} {direction}" : null,
            no: $"ip [port] access-group [<acl>] {direction}");
}

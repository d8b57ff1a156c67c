using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace VSwitch.Commands.Tests;

/// <summary>A small switch's command table, much like the real one: port profiles, interfaces, VLANs, access lists.</summary>
public static class ToyTable
{
    private const string Address = "{any|host <address:ipv4>|<prefix:ipv4-prefix>}";

    public static CommandTable<ToySwitch> Create()
    {
        var table = new CommandTable<ToySwitch>();
        Explain(table);
        table.AddType(new WordType("profile", "Name of a port profile"), toy => toy.Config.Profiles.Keys);
        table.AddType(new WordType("acl", "Name of an access list", lengthMax: 64), toy => toy.Config.Acls.Keys);

        var config = table.AddMode<ToyConfig>("config", "config", "Change the configuration of the switch", table.Exec,
            (toy, _, change) =>
            {
                toy.Config = change(toy.Config);
                toy.Handled++;
            });
        var vlan = table.AddMode<ToyVlan>("config-vlan", "config-vlan", "Change VLANs", config, UpdateVlan);
        var acl = table.AddMode<ToyAcl>("config-acl", "config-acl", "Change an access list", config, UpdateAcl);
        var profile = table.AddMode<ToyProfile>(
            "config-port-prof", "config-port-prof", "Change a port profile", config, UpdateProfile);
        var port = table.AddMode<ToyInterface>("config-if", "config-if", "Change interfaces", config, UpdateInterfaces);

        DeclareExec(table.Exec, config, profile);
        DeclareConfig(config, vlan, acl, profile, port);
        DeclareVlan(vlan.Settings);
        DeclareAcl(acl.Settings);
        DeclareProfile(profile.Settings);
        DeclareInterface(port.Settings);
        return table;
    }

    private static void DeclareExec(
        Mode<ToySwitch> exec, ConfigurationMode<ToySwitch, ToyConfig> config, ConfigurationMode<ToySwitch, ToyProfile> profile)
    {
        exec.Enter("configure [terminal]", "Leads to the configuration mode.", config,
            show: _ => Report.OfLines("Enter configuration commands, one per line.  End with CNTL/Z."));
        exec.Show("show running-config", "Shows the configuration.", invocation =>
            Report.OfLines(config.Render(invocation.Context.Config)));
        exec.Show("show running-config port-profile <name:profile>", "Shows the configuration of a port profile.", invocation =>
        {
            var name = invocation.Get<string>("name");
            return invocation.Context.Config.Profiles.TryGetValue(name, out var found)
                ? Report.OfLines(profile.RenderSection(Header(found), found))
                : throw new CommandException($"port profile \"{name}\" does not exist");
        });
        exec.Show("show vlan [id <vlan:vlan-id>]", "Shows the VLANs.", ShowVlan);
        exec.Show("show version", "Shows the version.", _ => new Report(
            new Lines("Toy switch", ""),
            new Fields(FieldStyle.Indented(2)) { { "Version", "1.0" }, { "Ports", 4 } }));
        exec.Show("show interface [<interface:interface>] [counters]", "Shows interfaces.", invocation =>
            Report.OfLines($"{invocation.Get("interface", InterfaceName.Vethernet(1))} {invocation.Has("counters")}"));
        exec.Act("terminal monitor", "Sends messages to this terminal.", invocation => invocation.Context.Handled++,
            no: "terminal monitor");
    }

    private static void DeclareConfig(
        ConfigurationMode<ToySwitch, ToyConfig> config, ConfigurationMode<ToySwitch, ToyVlan> vlan,
        ConfigurationMode<ToySwitch, ToyAcl> acl, ConfigurationMode<ToySwitch, ToyProfile> profile,
        ConfigurationMode<ToySwitch, ToyInterface> port)
    {
        config.Settings.Add("hostname <name:name>", "Names the switch.",
            set: (c, i) => c with { HostName = i.Get<string>("name") },
            unset: (c, _) => c with { HostName = "switch" },
            render: c => c.HostName == "switch" ? null : $"hostname {c.HostName}",
            no: "hostname [<name:name>]");
        config.Settings.Section("vlan <id:1-3967,4048-4093>", "Creates a VLAN.", vlan,
            key: i => i.Get<int>("id").ToString(CultureInfo.InvariantCulture),
            open: (c, i) => c with { Vlans = With(c.Vlans, i.Get<int>("id"), id => new ToyVlan(id)) },
            remove: (c, i) => c with { Vlans = c.Vlans.Remove(i.Get<int>("id")) },
            children: c => c.Vlans.Values.Select(v => ($"vlan {v.Id}", v)));
        config.Settings.Section("ip access-list <acl:acl>", "Creates an access list.", acl,
            key: i => i.Get<string>("acl"),
            open: (c, i) => c with { Acls = With(c.Acls, i.Get<string>("acl"), name => new ToyAcl(name)) },
            remove: (c, i) => c with { Acls = c.Acls.Remove(i.Get<string>("acl")) },
            children: c => c.Acls.Values.Select(a => ($"ip access-list {a.Name}", a)));
        config.Settings.Section("port-profile [type {ethernet|vethernet}] <name:profile>", "Creates a port profile.", profile,
            key: i => i.Get<string>("name"),
            open: (c, i) => c with
            {
                Profiles = With(c.Profiles, i.Get<string>("name"), name =>
                    new ToyProfile(name, i.Which("ethernet") ?? "vethernet")),
            },
            remove: RemoveProfile,
            children: c => c.Profiles.Values.Select(p => (Header(p), p)));
        config.Settings.Section("interface <interfaces:interface-list>", "Leads to interfaces.", port,
            key: i => string.Join(',', i.Get<IReadOnlyList<InterfaceName>>("interfaces")),
            open: (c, i) => c with
            {
                Interfaces = i.Get<IReadOnlyList<InterfaceName>>("interfaces")
                    .Aggregate(c.Interfaces, (ports, name) => With(ports, name, n => new ToyInterface(n))),
            },
            remove: (c, i) => c with { Interfaces = c.Interfaces.RemoveRange(i.Get<IReadOnlyList<InterfaceName>>("interfaces")) },
            children: c => c.Interfaces.Values.Select(p => ($"interface {p.Name}", p)));
    }

    private static void DeclareVlan(Settings<ToySwitch, ToyVlan> vlan) =>
        vlan.Add("name <name:word>", "Names the VLAN.",
            set: (v, i) => v with { Name = i.Get<string>("name") },
            unset: (v, _) => v with { Name = null },
            render: v => v.Name is null ? null : $"name {v.Name}",
            no: "name [<name:word>]");

    private static void DeclareAcl(Settings<ToySwitch, ToyAcl> acl) =>
        acl.Add(
            $"<sequence:1-4294967295> {{permit|deny}} {{ip|tcp|udp}} src:{Address} dst:{Address} [{{ack|fin|syn}}...]",
            "Adds a rule.",
            set: (a, i) => a with { Rules = a.Rules.SetItem((int)i.Get<long>("sequence"), RuleText(i)) },
            unset: (a, i) => a with { Rules = a.Rules.Remove((int)i.Get<long>("sequence")) },
            render: a => a.Rules.Select(rule => $"{rule.Key} {rule.Value}"),
            no: "<sequence:1-4294967295>");

    private static void DeclareProfile(Settings<ToySwitch, ToyProfile> profile)
    {
        profile.Add("inherit port-profile <parent:profile>", "Takes over what another profile says.",
            set: Inherit,
            unset: (p, _) => p with { Parent = null },
            render: p => p.Parent is null ? null : $"inherit port-profile {p.Parent}",
            no: "inherit port-profile [<parent:profile>]");
        profile.Include(PortSettings(), p => p.Port, (p, port) => p with { Port = port });
        profile.Add("description <text:line>", "Describes the profile.",
            set: (p, i) => p with { Description = i.Get<string>("text") },
            unset: (p, _) => p with { Description = null },
            render: p => p.Description is null ? null : $"description {p.Description}",
            no: "description [<text:line>]");
        profile.Add("state enabled", "Applies the profile to its ports.",
            set: (p, _) => p with { Enabled = true },
            unset: (p, _) => p with { Enabled = false },
            render: p => p.Enabled ? "state enabled" : null,
            no: "state [enabled]");
    }

    private static void DeclareInterface(Settings<ToySwitch, ToyInterface> port)
    {
        port.Add("description <text:line>", "Describes the interface.",
            set: (p, i) => p with { Description = i.Get<string>("text") },
            unset: (p, _) => p with { Description = null },
            render: p => p.Description is null ? null : $"description {p.Description}",
            no: "description [<text:line>]");
        port.Include(PortSettings(), p => p.Port, (p, settings) => p with { Port = settings });
    }

    private static Settings<ToySwitch, ToyPort> PortSettings()
    {
        var port = new Settings<ToySwitch, ToyPort>();
        port.Add("switchport mode {access|trunk}", "Says whether frames carry tags.",
            set: (p, i) => p with { Mode = i.Which("access", "trunk") },
            unset: (p, _) => p with { Mode = null },
            render: p => p.Mode is null ? null : $"switchport mode {p.Mode}",
            no: "switchport mode [access|trunk]",
            words: new Words { ["access"] = "Frames carry no tag", ["trunk"] = "Frames carry tags" });
        port.Add("switchport access vlan <vlan:vlan-id>", "Sets the VLAN of an access port.",
            set: (p, i) => p with { AccessVlan = i.Get<int>("vlan") },
            unset: (p, _) => p with { AccessVlan = null },
            render: p => p.AccessVlan is { } vlan ? $"switchport access vlan {vlan}" : null,
            no: "switchport access vlan [<vlan:vlan-id>]");
        port.Add("switchport trunk allowed vlan {<vlans:vlan-list>|add <vlans:vlan-list>|all|none}", "Sets the VLANs of a trunk.",
            set: (p, i) => p with { TrunkVlans = TrunkVlans(p.TrunkVlans, i) },
            unset: (p, _) => p with { TrunkVlans = null },
            render: p => p.TrunkVlans is { } vlans ? $"switchport trunk allowed vlan {(vlans.IsEmpty ? "none" : vlans)}" : null,
            no: "switchport trunk allowed vlan");
        port.Add("ip [port] access-group <acl:acl> {in|out}", "Filters the frames of the port.",
            set: (p, i) => SetAcl(p, i, i.Get<string>("acl")),
            unset: (p, i) => SetAcl(p, i, null),
            render: p => AclLines(p),
            no: "ip [port] access-group [<acl:acl>] {in|out}",
            words: new Words { ["in"] = "Frames that the port receives", ["out"] = "Frames that the port sends" });
        port.Add("shutdown", "Takes the port out of service.",
            set: (p, _) => p with { Shutdown = true },
            unset: (p, i) => p with { Shutdown = i.IsNo ? false : null },
            render: p => p.Shutdown is { } shut ? shut ? "shutdown" : "no shutdown" : null);
        return port;
    }

    private static NumberSet TrunkVlans(NumberSet? before, Invocation<ToySwitch> i)
    {
        if (i.Has("all"))
            return NumberSet.OfRanges((1, 4094));
        if (i.Has("none"))
            return NumberSet.Empty;
        var typed = i.Get<NumberSet>("vlans");
        return i.Has("add") ? (before ?? NumberSet.Empty).Union(typed) : typed;
    }

    private static ToyPort SetAcl(ToyPort port, Invocation<ToySwitch> i, string? acl) =>
        i.Has("in") ? port with { AclIn = acl } : port with { AclOut = acl };

    private static IEnumerable<string> AclLines(ToyPort port)
    {
        if (port.AclIn is not null)
            yield return $"ip port access-group {port.AclIn} in";
        if (port.AclOut is not null)
            yield return $"ip port access-group {port.AclOut} out";
    }

    private static string RuleText(Invocation<ToySwitch> i) => string.Join(' ',
        [i.Which("permit", "deny"), i.Which("ip", "tcp", "udp"), AddressText(i, "src"), AddressText(i, "dst"),
            .. new[] { "ack", "fin", "syn" }.Where(i.Has)]);

    private static string AddressText(Invocation<ToySwitch> i, string label)
    {
        if (i.Has($"{label}.any"))
            return "any";
        return i.TryGet<IPAddress>($"{label}.address", out var host) ? $"host {host}" : $"{i.Get<IPNetwork>($"{label}.prefix")}";
    }

    private static ToyProfile Inherit(ToyProfile profile, Invocation<ToySwitch> i)
    {
        var parent = i.Get<string>("parent");
        return parent == profile.Name
            ? throw new CommandException("a port profile cannot inherit from itself")
            : profile with { Parent = parent };
    }

    private static ToyConfig RemoveProfile(ToyConfig config, Invocation<ToySwitch> i)
    {
        var name = i.Get<string>("name");
        return config.Profiles.Values.Any(profile => profile.Parent == name)
            ? throw new CommandException("port profile in use")
            : config with { Profiles = config.Profiles.Remove(name) };
    }

    private static string Header(ToyProfile profile) => $"port-profile type {profile.Type} {profile.Name}";

    /// <summary>Objects with a new one, unless there is one of that key already.</summary>
    private static ImmutableSortedDictionary<TKey, T> With<TKey, T>(
        ImmutableSortedDictionary<TKey, T> objects, TKey key, Func<TKey, T> create)
        where TKey : notnull => objects.ContainsKey(key) ? objects : objects.Add(key, create(key));

    /// <summary>Objects with one of them changed; refused if another session has removed it.</summary>
    private static ImmutableSortedDictionary<TKey, T> Changed<TKey, T>(
        ToySwitch toy, ImmutableSortedDictionary<TKey, T> objects, TKey key, Func<T, T> change)
        where TKey : notnull
    {
        if (!objects.TryGetValue(key, out var found))
            throw new CommandException($"{key} does not exist any more");
        toy.Handled++;
        return objects.SetItem(key, change(found));
    }

    private static void UpdateVlan(ToySwitch toy, Session session, Func<ToyVlan, ToyVlan> change) =>
        toy.Config = toy.Config with
        {
            Vlans = Changed(toy, toy.Config.Vlans, int.Parse(session.Key, CultureInfo.InvariantCulture), change),
        };

    private static void UpdateAcl(ToySwitch toy, Session session, Func<ToyAcl, ToyAcl> change) =>
        toy.Config = toy.Config with { Acls = Changed(toy, toy.Config.Acls, session.Key, change) };

    private static void UpdateProfile(ToySwitch toy, Session session, Func<ToyProfile, ToyProfile> change) =>
        toy.Config = toy.Config with { Profiles = Changed(toy, toy.Config.Profiles, session.Key, change) };

    private static void UpdateInterfaces(ToySwitch toy, Session session, Func<ToyInterface, ToyInterface> change)
    {
        var interfaces = toy.Config.Interfaces;
        foreach (var name in session.Key.Split(',').Select(InterfaceName.Parse))
            interfaces = Changed(toy, interfaces, name, change);
        toy.Config = toy.Config with { Interfaces = interfaces };
    }

    private static Report ShowVlan(Invocation<ToySwitch> invocation)
    {
        var table = new Table(TableStyle.Groups, new("VLAN", 4), new("Name", 32), new("Status", 9));
        foreach (var vlan in invocation.Context.Config.Vlans.Values.Where(v => v.Id == invocation.Get("vlan", v.Id)))
            table.Add(vlan.Id, vlan.Name, "active");
        return table;
    }

    private static void Explain(CommandTable<ToySwitch> table) => table.Explain(
        ("access", "Set the VLAN of an access port"),
        ("access-group", "Filter with an access list"),
        ("access-list", "Configure an access list"),
        ("ack", "Match packets with the ACK flag"),
        ("add", "Add to the VLANs that are allowed"),
        ("all", "All VLANs"),
        ("allowed", "Set the VLANs that are allowed"),
        ("any", "Any address"),
        ("configure", "Change the configuration"),
        ("counters", "Show the counters"),
        ("deny", "Drop packets that match"),
        ("description", "Describe the port"),
        ("enabled", "Apply the profile"),
        ("ethernet", "For network cards of hosts"),
        ("fin", "Match packets with the FIN flag"),
        ("host", "One address"),
        ("hostname", "Name the switch"),
        ("id", "One VLAN"),
        ("in", "Inwards"),
        ("inherit", "Take over what another profile says"),
        ("interface", "Interfaces"),
        ("ip", "Configure IP features"),
        ("mode", "Set the mode of the port"),
        ("monitor", "Send messages to this terminal"),
        ("name", "Name the VLAN"),
        ("none", "No VLAN"),
        ("out", "Outwards"),
        ("permit", "Pass packets that match"),
        ("port", "On a port"),
        ("port-profile", "Port profiles"),
        ("running-config", "The configuration that is in force"),
        ("show", "Show how the switch runs"),
        ("shutdown", "Take the port out of service"),
        ("state", "Apply the profile or not"),
        ("switchport", "Configure the port as a port of a switch"),
        ("syn", "Match packets with the SYN flag"),
        ("tcp", "Match TCP"),
        ("terminal", "This terminal"),
        ("trunk", "Configure a trunk"),
        ("type", "For which ports the profile is"),
        ("udp", "Match UDP"),
        ("version", "The version"),
        ("vethernet", "For network cards of virtual machines"),
        ("vlan", "VLANs"));
}

using System.Collections.Immutable;
using VSwitch.Commands;
using VSwitch.Policy;

namespace VSwitch.Vsm;

/// <summary><c>ip access-list NAME</c> and its entries.</summary>
internal static class AccessListCommands
{
    private const string Address = "{any|host <host:ipv4>|<prefix:ipv4-prefix>|<address:ipv4> <wildcard:ipv4>}";

    public static void Add(CommandTable<CommandContext> table, ConfigurationMode<CommandContext, SwitchConfig> global)
    {
        ConfigurationMode<CommandContext, AccessListConfig> mode = table.AddMode<AccessListConfig>(
            "config-acl", "config-acl", "Commands that configure an IPv4 access list", global,
            (context, session, change) => context.Change(config => Update(config, session.Key, change)));

        mode.Settings.Add(
            "statistics per-entry", "Counts the frames that each entry matches.",
            set: (list, _) => list with { StatisticsPerEntry = true },
            unset: (list, _) => list with { StatisticsPerEntry = false },
            render: list => list.StatisticsPerEntry ? "statistics per-entry" : null);
        mode.Settings.Add(
            "[<sequence:1-4294967295>] remark <text:line>", "Adds a remark, which matches nothing.",
            set: (list, invocation) => AccessEntries.Put(list, AccessEntryReader.Remark(invocation)),
            unset: null,
            render: list => list.Entries.Select(AccessEntryText.Of));
        foreach (string match in Matches())
        {
            mode.Settings.Add(
                $"[<sequence:1-4294967295>] {{permit|deny}} {match}", "Permits or denies the frames that match.",
                set: (list, invocation) => AccessEntries.Put(list, AccessEntryReader.Read(invocation)),
                unset: (list, invocation) => AccessEntries.Remove(list, AccessEntryReader.Read(invocation)),
                render: _ => Array.Empty<string>());
        }

        mode.Settings.Add(
            "<sequence:1-4294967295>", "Names an entry in order to remove it.",
            set: (_, _) => throw new CommandException("an entry needs permit, deny or remark"),
            unset: (list, invocation) => AccessEntries.Remove(list, (uint)invocation.Get<long>("sequence")),
            render: _ => Array.Empty<string>());

        global.Settings.Section(
            "ip access-list <acl>", "Makes an IPv4 access list and configures it.", mode,
            key: invocation => invocation.Get<string>("acl"),
            open: (config, invocation) => Open(config, invocation),
            remove: Remove,
            children: config => config.AccessLists.Values.Select(list => ($"ip access-list {list.Name}", list)));

        global.Act(
            "resequence ip access-list <acl> <start:1-4294967295> <step:1-4294967295>", "Numbers the entries of an access list anew.",
            invocation => invocation.Context.Change(config => Update(config, invocation.Get<string>("acl"), list =>
                AccessEntries.Resequence(list, invocation.Get<long>("start"), invocation.Get<long>("step")))));
    }

    /// <summary>An access list by name.</summary>
    /// <exception cref="CommandException">It does not exist.</exception>
    public static AccessListConfig Find(SwitchConfig config, string name) =>
        config.AccessLists.TryGetValue(name, out AccessListConfig? list)
            ? list
            : throw new CommandException($"access list {name} does not exist{NearNames.Suggest(name, config.AccessLists.Keys)}");

    /// <summary>What each protocol can be asked for.</summary>
    private static IEnumerable<string> Matches()
    {
        const string dscp = "dscp <dscp:dscp-value>";
        yield return $"tcp src:{Address} [sport:{Ports("tcp-port")}] dst:{Address} [dport:{Ports("tcp-port")}] [{{established|{dscp}}}...]";
        yield return $"udp src:{Address} [sport:{Ports("udp-port")}] dst:{Address} [dport:{Ports("udp-port")}] [{dscp}]";
        yield return $"icmp src:{Address} dst:{Address} [<type:icmp-type>] [{dscp}]";
        yield return $"{{ip|<protocol>}} src:{Address} dst:{Address} [{dscp}]";
    }

    private static string Ports(string type) =>
        $"{{eq <port:{type}>|neq <port:{type}>|gt <port:{type}>|lt <port:{type}>|range <port:{type}> <last:{type}>}}";

    /// <summary>A list without entries has its implicit deny only, and cuts off the ports that use it already.</summary>
    private static SwitchConfig Open(SwitchConfig config, Invocation<CommandContext> invocation)
    {
        string name = invocation.Get<string>("acl");
        if (config.AccessLists.ContainsKey(name))
            return config;
        WarnUsers(config, name, invocation, "everything is denied until it has entries");
        return config with { AccessLists = config.AccessLists.Add(name, new AccessListConfig { Name = name }) };
    }

    /// <summary>As in NX-OS an access list in use may go; the ports that use it then permit everything.</summary>
    private static SwitchConfig Remove(SwitchConfig config, Invocation<CommandContext> invocation)
    {
        string name = Find(config, invocation.Get<string>("acl")).Name;
        WarnUsers(config, name, invocation, "everything is permitted now");
        return config with { AccessLists = config.AccessLists.Remove(name) };
    }

    private static void WarnUsers(SwitchConfig config, string name, Invocation<CommandContext> invocation, string effect)
    {
        string[] users = [.. Users(config, name)];
        if (users.Length > 0)
            invocation.Context.Note($"Warning: access list {name} is in use by {string.Join(", ", users)}, where {effect}.");
    }

    private static IEnumerable<string> Users(SwitchConfig config, string list) =>
    [
        .. config.Profiles.Values.Where(profile => Uses(profile.Port, list)).Select(profile => $"port-profile {profile.Name}"),
        .. config.Interfaces.Values.Where(port => Uses(port.Port, list)).Select(port => port.Id.ToString()),
    ];

    private static bool Uses(PortConfig port, string list) => port.AccessGroupIn == list || port.AccessGroupOut == list;

    private static SwitchConfig Update(SwitchConfig config, string name, Func<AccessListConfig, AccessListConfig> change) =>
        config with { AccessLists = config.AccessLists.SetItem(name, change(Find(config, name))) };
}

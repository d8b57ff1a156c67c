using VSwitch.Commands;
using VSwitch.Policy;

namespace VSwitch.Vsm;

/// <summary>The <c>show port-profile</c> family.</summary>
internal static class ShowProfiles
{
    public static void AddTo(Mode<CommandContext> exec, Grammar grammar)
    {
        exec.Show("show port-profile", "Shows port profiles whole.", invocation =>
            Whole(invocation, grammar, invocation.Context.Config.Profiles.Values));
        exec.Show("show port-profile name <profile>", "Shows a port profile whole.", invocation =>
            Whole(invocation, grammar, [Find(invocation.Context.Config, invocation.Get<string>("profile"))]));
        exec.Show("show port-profile brief", "Shows a line for each port profile.", invocation => Brief(invocation.Context, grammar));
        exec.Show("show port-profile usage", "Shows which interfaces have which port profile.", invocation => Usage(invocation.Context));
        exec.Show("show port-profile virtual usage [name <profile>]", "Shows whose interfaces have which port profile.", VirtualUsage);
        exec.Show("show port-profile expand-interface [name <profile>]", "Shows what each interface's profile comes to.", invocation =>
            ExpandInterface(invocation, grammar));
        exec.Show("show port-profile sync-status [interface <interface>]", "Shows which interfaces are not as they should be, and why.", SyncStatus);
    }

    /// <summary>A profile by name.</summary>
    /// <exception cref="CommandException">It does not exist.</exception>
    public static PortProfileConfig Find(SwitchConfig config, string name) =>
        config.Profiles.TryGetValue(name, out PortProfileConfig? profile)
            ? profile
            : throw new CommandException($"port-profile {name} does not exist{NearNames.Suggest(name, config.Profiles.Keys)}");

    private static Report Whole(Invocation<CommandContext> invocation, Grammar grammar, IEnumerable<PortProfileConfig> profiles) =>
        new Items("port_profiles", profiles.Select(profile => Whole(invocation.Context.Config, grammar, profile)));

    private static Report Whole(SwitchConfig config, Grammar grammar, PortProfileConfig profile)
    {
        var fields = new Fields(FieldStyle.Indented(1))
        {
            { "type", profile.Type.Title() },
            { "description", profile.Description ?? "" },
            { "status", profile.Enabled ? "enabled" : "disabled" },
            { "max-ports", profile.MaxPortsOrDefault },
            { "min-ports", 1 },
            { "inherit", profile.Inherit ?? "" },
        };
        fields.AddList("config attributes", grammar.Port.Render(profile.Port).Select(Text));
        fields.AddList("evaluated config attributes", grammar.Port.Render(ProfileLineage.Evaluate(config, profile.Name)).Select(Text));
        fields.AddList("assigned interfaces", Assigned(config, profile).Select(port => (Value)port.Id.ToString()));
        fields.Add("port-group", profile.Enabled ? profile.Name : "");
        fields.Add("system vlans", "none");
        foreach (string capability in new[] { "l3control", "iscsi-multipath", "vxlan", "l3-vn-service" })
            fields.Add($"capability {capability}", false);
        fields.Add("port-profile role", "none");
        fields.Add("port-binding", "static");
        return new Report(new Lines($"port-profile {profile.Name}") { Data = [("name", profile.Name)] }, fields);
    }

    private static Value Text(string line) => line;

    private static IEnumerable<InterfaceConfig> Assigned(SwitchConfig config, PortProfileConfig profile) =>
        config.Interfaces.Values.Where(port => port.Profile == profile.Name);

    private static Report Brief(CommandContext context, Grammar grammar)
    {
        SwitchConfig config = context.Config;
        var profiles = new Table("port_profiles", TableStyle.Framed,
            new Column("Port\nProfile", 26) { Name = "name" }, new Column("Profile\nType", 9), new Column("Profile\nState", 8),
            new Column("Conf\nItems", 6), new Column("Eval\nItems", 6), new Column("Assigned\nIntfs", 8), new Column("Child\nProfs", 5));
        foreach (PortProfileConfig profile in config.Profiles.Values)
        {
            profiles.Add(
                profile.Name, profile.Type.Title(), Value.Of(profile.Enabled ? "1" : "0", profile.Enabled), grammar.Port.Render(profile.Port).Count(),
                grammar.Port.Render(ProfileLineage.Evaluate(config, profile.Name)).Count(), Assigned(config, profile).Count(),
                config.Profiles.Values.Count(child => child.Inherit == profile.Name));
        }

        var types = new Table("profile_types", TableStyle.Framed,
            new Column("Profile\nType", 9), new Column("Assigned\nIntfs", 8), new Column("Total\nPrfls", 6), new Column("Sys\nPrfls", 6),
            new Column("Parent\nPrfls", 6), new Column("Child\nPrfls", 6), new Column("UsedBy\nPrfls", 6));
        foreach (PortProfileType type in new[] { PortProfileType.Vethernet, PortProfileType.Ethernet })
        {
            PortProfileConfig[] members = [.. config.Profiles.Values.Where(profile => profile.Type == type)];
            types.Add(
                type.Title(), members.Sum(profile => Assigned(config, profile).Count()), members.Length, 0,
                members.Count(profile => profile.Inherit is null), members.Count(profile => profile.Inherit is not null),
                members.Count(profile => Assigned(config, profile).Any()));
        }

        return new Report(profiles, types, new Lines(new string('-', TableStyle.ScreenWidth)));
    }

    private static Report Usage(CommandContext context) =>
        new Items("port_profiles", InterfacesByProfile(context).Select(group => new Report(
            new Lines($"port-profile {group.Profile}") { Data = [("name", group.Profile)] },
            new Lines(group.Ports.Select(port => $" {port.Id}"))
            {
                Data = [("interfaces", Value.List(group.Ports.Select(port => (Value)port.Id.ToString())))],
            })));

    /// <summary>Every profile, with the quarantines where there are interfaces in them.</summary>
    private static List<(string Profile, List<InterfaceStatus> Ports)> InterfacesByProfile(CommandContext context)
    {
        ILookup<string, InterfaceStatus> byProfile = context.Interfaces.VethernetsFirst.ToLookup(port => port.ProfileName, StringComparer.Ordinal);
        return [.. context.Config.Profiles.Keys.Union(byProfile.Select(group => group.Key)).Select(name => (name, byProfile[name].ToList()))];
    }

    private static Report VirtualUsage(Invocation<CommandContext> invocation)
    {
        var table = new Table(TableStyle.Framed,
            new Column("Port Profile", 26) { HideRepeats = true }, new Column("Port", 11), new Column("Adapter", 14), new Column("Owner", 24));
        foreach ((string profile, List<InterfaceStatus> ports) in Wanted(invocation))
        {
            foreach (InterfaceStatus port in ports)
                table.Add(profile, InterfaceNames.Name(port.Id), InterfaceWords.Adapter(port), InterfaceWords.Owner(port));
        }

        return table;
    }

    private static IEnumerable<(string Profile, List<InterfaceStatus> Ports)> Wanted(Invocation<CommandContext> invocation)
    {
        string? only = invocation.TryGet("profile", out string name) ? Find(invocation.Context.Config, name).Name : null;
        return InterfacesByProfile(invocation.Context).Where(group => only is null ? group.Ports.Count > 0 : group.Profile == only);
    }

    private static Report ExpandInterface(Invocation<CommandContext> invocation, Grammar grammar) =>
        new Items("port_profiles", Wanted(invocation).Select(group => new Report(
            new Lines($"port-profile {group.Profile}") { Data = [("name", group.Profile)] },
            new Items("interfaces", group.Ports.Select(port =>
            {
                string[] lines = [.. grammar.Port.Render(port.Evaluated.Config)];
                return new Report(new Lines([port.Id.ToString(), .. lines.Select(line => $"    {line}")])
                {
                    Data = [("interface", port.Id.ToString()), ("commands", Value.List(lines.Select(line => (Value)line)))],
                });
            })) { Spaced = false })));

    /// <summary>Compares what runs with what should run, by hash: an interface of a module whose state is another is not in sync.</summary>
    private static Report SyncStatus(Invocation<CommandContext> invocation)
    {
        bool one = invocation.TryGet("interface", out InterfaceName name);
        IEnumerable<InterfaceStatus> ports = one ? [InterfaceWords.Find(invocation.Context, name)] : invocation.Context.Interfaces.All;
        var inSync = invocation.Context.Supervisor.Modules.Connected.ToDictionary(
            module => module, module => module.Session?.State.IsInSync == true);
        (InterfaceStatus Port, InterfaceSync Sync)[] all =
            [.. ports.Select(port => (port, InterfaceSync.Of(port, module => inSync.GetValueOrDefault(module))))];
        var shown = new Items("interfaces", all.Where(pair => one || !pair.Sync.IsInSync).Select(pair => SyncStatus(pair.Port, pair.Sync)));
        return all.Length > 0 && all.All(pair => pair.Sync.IsInSync) && !one
            ? new Report(shown, new Lines($"All {all.Length} interfaces are in sync with their port profiles."))
            : shown;
    }

    private static Report SyncStatus(InterfaceStatus port, InterfaceSync sync)
    {
        var fields = new Fields
        {
            { "port-profile", port.ProfileName },
            { "interface status", port.Down?.Reason ?? "up" },
            { "sync status", sync.IsInSync ? "in sync" : "out of sync" },
        };
        var report = new List<Part> { new Lines(port.Id.ToString()) { Data = [("interface", port.Id.ToString())] }, fields };
        if (sync.Problem is { } problem)
            report.Add(new Lines("errors:", $"  {problem}") { Data = [("errors", problem)] });
        if (sync.Recovery is { } recovery)
            report.Add(new Lines("recovery steps:", $"  {recovery}") { Data = [("recovery_steps", recovery)] });
        return new Report(report);
    }
}

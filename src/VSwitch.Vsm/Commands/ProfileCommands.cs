using VSwitch.Commands;
using VSwitch.Policy;

namespace VSwitch.Vsm;

/// <summary><c>port-profile</c> and what is said inside it.</summary>
internal static class ProfileCommands
{
    public static ConfigurationMode<CommandContext, PortProfileConfig> Mode(
        CommandTable<CommandContext> table, ConfigurationMode<CommandContext, SwitchConfig> global, Settings<CommandContext, PortConfig> port)
    {
        ConfigurationMode<CommandContext, PortProfileConfig> mode = table.AddMode<PortProfileConfig>(
            "config-port-prof", "config-port-prof", "Commands that configure a port profile", global,
            (context, session, change) => context.Change(config => Update(context, config, session.Key, change)));
        Settings<CommandContext, PortProfileConfig> settings = mode.Settings;

        settings.Add(
            "inherit port-profile <parent:profile>", "Takes over what the parent says, wherever this profile says nothing.",
            set: (profile, invocation) => profile with { Inherit = invocation.Get<string>("parent") },
            unset: (profile, invocation) => profile with { Inherit = Inheritance.Without(profile.Inherit, invocation, "parent") },
            render: profile => profile.Inherit is { } parent ? $"inherit port-profile {parent}" : null,
            no: "inherit port-profile [<parent:profile>]");
        settings.Include(port, profile => profile.Port, (profile, words) => profile with { Port = words });
        settings.Add(
            "[vmware] max-ports <count:1-256000>", "Says how many interfaces may inherit the profile.",
            set: (profile, invocation) => profile with { MaxPorts = invocation.Get<int>("count") },
            unset: (profile, _) => profile with { MaxPorts = null },
            render: profile => profile.MaxPorts is { } max ? $"max-ports {max}" : null,
            no: "[vmware] max-ports [<count:1-256000>]");
        settings.Add(
            "description <text:line>", "Describes the profile.",
            set: (profile, invocation) => profile with { Description = invocation.Get<string>("text") },
            unset: (profile, _) => profile with { Description = null },
            render: profile => profile.Description is { } text ? $"description {text}" : null,
            no: "description [<text:line>]");
        settings.Add(
            "state enabled", "Puts the profile into effect.",
            set: (profile, _) => profile with { Enabled = true },
            unset: (profile, _) => profile with { Enabled = false },
            render: profile => profile.Enabled ? "state enabled" : null,
            no: "state [enabled]");
        mode.Act(
            "vmware port-group [<group:profile>]", "Is understood for the sake of old configurations: a port group is called as its profile.",
            invocation => RefuseOtherName(invocation.Key, invocation.Get("group", invocation.Key)), no: "vmware port-group [<group:profile>]");
        return mode;
    }

    public static void Add(
        ConfigurationMode<CommandContext, SwitchConfig> global, ConfigurationMode<CommandContext, PortProfileConfig> mode) =>
        global.Settings.Section(
            "port-profile [type {ethernet|vethernet}] <name:profile>", "Makes a port profile and configures it.", mode,
            key: invocation => invocation.Get<string>("name"),
            open: Open,
            remove: Remove,
            children: config => ParentsFirst(config).Select(profile => ($"port-profile type {profile.Type.Word()} {profile.Name}", profile)));

    private static SwitchConfig Open(SwitchConfig config, Invocation<CommandContext> invocation)
    {
        string name = invocation.Get<string>("name");
        PortProfileType? asked = invocation.Which("ethernet", "vethernet") switch
        {
            "ethernet" => PortProfileType.Ethernet,
            "vethernet" => PortProfileType.Vethernet,
            _ => null,
        };
        if (config.Profiles.TryGetValue(name, out PortProfileConfig? existing))
        {
            return asked is null || asked == existing.Type
                ? config
                : throw new CommandException($"port-profile {name} is of type {existing.Type.Word()}, and the type of a profile cannot be changed");
        }

        var profile = new PortProfileConfig { Name = name, Type = asked ?? PortProfileType.Vethernet };
        return config with { Profiles = config.Profiles.Add(name, profile) };
    }

    private static SwitchConfig Remove(SwitchConfig config, Invocation<CommandContext> invocation)
    {
        string name = invocation.Get<string>("name");
        if (!config.Profiles.TryGetValue(name, out PortProfileConfig? profile))
            throw new CommandException($"port-profile {name} does not exist{NearNames.Suggest(name, config.Profiles.Keys)}");
        if (invocation.Which("ethernet", "vethernet") is { } asked && asked != profile.Type.Word())
            throw new CommandException($"port-profile {name} is of type {profile.Type.Word()}, not {asked}");
        string[] users =
        [
            .. config.Profiles.Values.Where(profile => profile.Inherit == name).Select(profile => $"port-profile {profile.Name}"),
            .. config.Interfaces.Values.Where(port => port.Profile == name).Select(port => port.Id.ToString()),
        ];
        if (users.Length > 0)
            throw new CommandException($"port profile in use: {name} is inherited by {string.Join(", ", users)}");
        return config with { Profiles = config.Profiles.Remove(name) };
    }

    /// <summary>By name, but a parent before its children, so that the text can be read back line by line.</summary>
    private static List<PortProfileConfig> ParentsFirst(SwitchConfig config)
    {
        var ordered = new List<PortProfileConfig>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (PortProfileConfig profile in config.Profiles.Values)
        {
            ProfileLineage.Trace(config, profile, out var lineage);
            ordered.AddRange(lineage.Where(member => seen.Add(member.Name)));
        }

        return ordered;
    }

    private static SwitchConfig Update(
        CommandContext context, SwitchConfig config, string name, Func<PortProfileConfig, PortProfileConfig> change)
    {
        if (!config.Profiles.TryGetValue(name, out PortProfileConfig? profile))
            throw new RefusedException($"port-profile {name} was removed meanwhile");
        context.Inherited = ProfileLineage.Evaluate(config, profile.Inherit);
        return config with { Profiles = config.Profiles.SetItem(name, change(profile)) };
    }

    private static void RefuseOtherName(string profile, string group)
    {
        if (group != profile)
            throw new CommandException($"the port group of port-profile {profile} is called {profile}");
    }
}

using VSwitch.Commands;
using VSwitch.Policy;

namespace VSwitch.Vsm;

/// <summary><c>interface vethernet 1</c>, <c>interface ethernet 3/1</c> and what is said inside them.</summary>
internal static class InterfaceCommands
{
    public static ConfigurationMode<CommandContext, InterfaceConfig> Mode(
        CommandTable<CommandContext> table, ConfigurationMode<CommandContext, SwitchConfig> global, Settings<CommandContext, PortConfig> port)
    {
        ConfigurationMode<CommandContext, InterfaceConfig> mode = table.AddMode<InterfaceConfig>(
            "config-if", "config-if", "Commands that configure interfaces", global,
            (context, session, change) => context.Change(config => Update(context, config, InterfaceNames.Parse(session.Key), change)));
        Settings<CommandContext, InterfaceConfig> settings = mode.Settings;

        settings.Add(
            "inherit port-profile <profile>", "Gives the interface its port profile.",
            set: (config, invocation) => config with { Profile = invocation.Get<string>("profile") },
            unset: (config, invocation) => config with { Profile = Inheritance.Without(config.Profile, invocation, "profile") },
            render: config => config.Profile is { } profile ? $"inherit port-profile {profile}" : null,
            no: "inherit port-profile [<profile>]");
        settings.Add(
            "description <text:line>", "Describes the interface.",
            set: (config, invocation) => config with { Description = invocation.Get<string>("text") },
            unset: (config, _) => config with { Description = null },
            render: config => config.Description is { } text ? $"description {text}" : null,
            no: "description [<text:line>]");
        settings.Add(
            "owner vm <vm:string> adapter <adapter:1-65535>", "Says which network card the vEth belongs to.",
            set: (config, invocation) => WithOwner(config, invocation, new VethOwner(invocation.Get<string>("vm"), invocation.Get<int>("adapter"))),
            unset: (config, invocation) => WithOwner(config, invocation, null),
            render: config => config.Owner is { } owner ? $"owner vm {Quote(owner.Vm)} adapter {owner.Adapter}" : null,
            no: "owner [vm <vm:string> adapter <adapter:1-65535>]");
        settings.Include(port, config => config.Port, (config, words) => config with { Port = words });
        return mode;
    }

    public static void Add(
        ConfigurationMode<CommandContext, SwitchConfig> global, ConfigurationMode<CommandContext, InterfaceConfig> mode) =>
        global.Settings.Section(
            "interface <interfaces:interface-list>", "Makes interfaces and configures them.", mode,
            key: invocation => string.Join(',', invocation.Get<IReadOnlyList<InterfaceName>>("interfaces")),
            open: (config, invocation) => Open(config, Ids(invocation)),
            remove: (config, invocation) => Remove(invocation.Context, config, Ids(invocation)),
            children: config => config.Interfaces.Values.Select(port => ($"interface {port.Id}", port)));

    private static InterfaceId[] Ids(Invocation<CommandContext> invocation) =>
        [.. invocation.Get<IReadOnlyList<InterfaceName>>("interfaces").Select(InterfaceNames.Id)];

    private static SwitchConfig Open(SwitchConfig config, IEnumerable<InterfaceId> ids) => config with
    {
        Interfaces = config.Interfaces.AddRange(ids.Where(id => !config.Interfaces.ContainsKey(id))
            .Select(id => KeyValuePair.Create(id, new InterfaceConfig { Id = id }))),
    };

    private static SwitchConfig Remove(CommandContext context, SwitchConfig config, InterfaceId[] ids)
    {
        foreach (InterfaceId id in ids)
        {
            if (!config.Interfaces.ContainsKey(id))
                throw new CommandException($"{id} does not exist");
            if (context.IsAttached(id))
                throw new CommandException($"{id} is attached; detach it from its host first");
        }

        return config with { Interfaces = config.Interfaces.RemoveRange(ids) };
    }

    private static SwitchConfig Update(
        CommandContext context, SwitchConfig config, IEnumerable<InterfaceId> ids, Func<InterfaceConfig, InterfaceConfig> change)
    {
        var interfaces = config.Interfaces.ToBuilder();
        foreach (InterfaceId id in ids)
        {
            if (!interfaces.TryGetValue(id, out InterfaceConfig? port))
                throw new RefusedException($"{id} was removed meanwhile");
            context.Inherited = ProfileLineage.Evaluate(config, port.Profile);
            interfaces[id] = change(port);
        }

        return config with { Interfaces = interfaces.ToImmutable() };
    }

    private static InterfaceConfig WithOwner(InterfaceConfig config, Invocation<CommandContext> invocation, VethOwner? owner) =>
        config.Owner == owner || !invocation.Context.IsAttached(config.Id)
            ? config with { Owner = owner }
            : throw new CommandException($"{config.Id} is attached; detach it from its host before it gets another owner");

    private static string Quote(string vm) => vm.Contains(' ') ? $"\"{vm}\"" : vm;
}

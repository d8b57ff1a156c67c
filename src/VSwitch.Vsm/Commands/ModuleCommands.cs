using VSwitch.Commands;
using VSwitch.Policy;

namespace VSwitch.Vsm;

/// <summary><c>vem 3</c>: which host has which module number.</summary>
internal static class ModuleCommands
{
    public static void Add(CommandTable<CommandContext> table, ConfigurationMode<CommandContext, SwitchConfig> global)
    {
        ConfigurationMode<CommandContext, ModuleConfig> mode = table.AddMode<ModuleConfig>(
            "config-vem-slot", "config-vem-slot", "Commands that configure a module", global,
            (context, session, change) => context.Change(config => Update(context, config, int.Parse(session.Key), change)));
        mode.Settings.Add(
            "host id <id:host-id>", "Keeps the module number for the VEM with this identity.",
            set: (module, invocation) => module with { HostId = invocation.Get<string>("id") },
            unset: (module, _) => module with { HostId = "" },
            render: module => module.HostId.Length > 0 ? $"host id {module.HostId}" : null,
            no: "host id [<id:host-id>]");

        global.Settings.Section(
            "vem <module>", "Configures a module.", mode,
            key: invocation => $"{invocation.Get<int>("module")}",
            open: (config, invocation) => Open(config, invocation.Get<int>("module")),
            remove: (config, invocation) => Remove(invocation.Context, config, invocation.Get<int>("module")),
            children: config => config.Modules.Values.Select(module => ($"vem {module.Number}", module)));
    }

    private static SwitchConfig Open(SwitchConfig config, int number) =>
        config.Modules.ContainsKey(number) ? config : config with { Modules = config.Modules.Add(number, new ModuleConfig(number, "")) };

    /// <summary>The module's uplinks go with it.</summary>
    private static SwitchConfig Remove(CommandContext context, SwitchConfig config, int number)
    {
        if (!config.Modules.ContainsKey(number))
            throw new CommandException($"module {number} does not exist");
        RefuseIfConnected(context, number);
        return config with
        {
            Modules = config.Modules.Remove(number),
            Interfaces = config.Interfaces.RemoveRange(config.Interfaces.Keys.Where(id => !id.IsVethernet && id.Module == number)),
        };
    }

    private static SwitchConfig Update(CommandContext context, SwitchConfig config, int number, Func<ModuleConfig, ModuleConfig> change)
    {
        if (!config.Modules.TryGetValue(number, out ModuleConfig? module))
            throw new RefusedException($"module {number} was removed meanwhile");
        ModuleConfig changed = change(module);
        if (changed == module)
            return config;
        RefuseIfConnected(context, number);
        return config with { Modules = config.Modules.SetItem(number, changed) };
    }

    private static void RefuseIfConnected(CommandContext context, int number)
    {
        if (context.IsConnected(number))
            throw new CommandException($"module {number} is connected; stop its VEM first");
    }
}

using VSwitch.Commands;
using VSwitch.Policy;

namespace VSwitch.Vsm;

/// <summary>
/// Every command of the supervisor. The one table drives parsing, help, completion and the running configuration; the
/// order in which the global settings are declared here is the order of <c>show running-config</c>.
/// </summary>
public sealed class Grammar
{
    private readonly CommandTable<CommandContext> _table = new();

    public Grammar()
    {
        ParameterKinds.AddTo(_table);
        Keywords.AddTo(_table);

        Global = _table.AddMode<SwitchConfig>(
            "config", "config", "Commands that configure the switch", _table.Exec, (context, _, change) => context.Change(change));
        SwitchCommands.AddNames(Global.Settings);
        VlanCommands.Add(_table, Global);
        SwitchCommands.AddMacTable(Global.Settings);
        AccessListCommands.Add(_table, Global);
        Settings<CommandContext, PortConfig> port = PortSettings.All();
        ProfileCommands.Add(_table, Global, Profile = ProfileCommands.Mode(_table, Global, port));
        ModuleCommands.Add(_table, Global);
        InterfaceCommands.Add(Global, Interface = InterfaceCommands.Mode(_table, Global, port));
        Port = port;

        ExecCommands.Add(_table.Exec, Global);
        Interpreter = new Interpreter<CommandContext>(_table);
    }

    public Interpreter<CommandContext> Interpreter { get; }

    /// <summary>The mode of <c>configure terminal</c>, whose object is the whole configuration.</summary>
    public ConfigurationMode<CommandContext, SwitchConfig> Global { get; }

    public ConfigurationMode<CommandContext, PortProfileConfig> Profile { get; }

    public ConfigurationMode<CommandContext, InterfaceConfig> Interface { get; }

    /// <summary>What can be said about a port in a profile and on an interface alike.</summary>
    public Settings<CommandContext, PortConfig> Port { get; }

    /// <summary>A session that stands in the configuration mode.</summary>
    public Session ConfigurationSession(string hostName) =>
        Interpreter.Start(hostName).Enter(new Level(Global.Name, Global.Prompt, ""));
}

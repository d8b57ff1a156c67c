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
        Profile = ProfileCommands.Mode(_table, Global, Port);
        ProfileCommands.Add(Global, Profile);
        ModuleCommands.Add(_table, Global);
        Interface = InterfaceCommands.Mode(_table, Global, Port);
        InterfaceCommands.Add(Global, Interface);

        ExecCommands.AddTo(_table.Exec, Global);
        ModuleQuestions.AddTo(_table.Exec);
        ShowConfiguration.AddTo(_table.Exec, this);
        ShowProfiles.AddTo(_table.Exec, this);
        ShowInterfaces.AddTo(_table.Exec);
        ShowVlans.AddTo(_table.Exec);
        ShowMacTable.AddTo(_table.Exec);
        ShowAccessLists.AddTo(_table.Exec);
        ShowModules.AddTo(_table.Exec);
        ShowSwitch.AddTo(_table.Exec);
        Interpreter = new Interpreter<CommandContext>(_table);
    }

    public Interpreter<CommandContext> Interpreter { get; }

    /// <summary>The mode of <c>configure terminal</c>, whose object is the whole configuration.</summary>
    public ConfigurationMode<CommandContext, SwitchConfig> Global { get; }

    public ConfigurationMode<CommandContext, PortProfileConfig> Profile { get; }

    public ConfigurationMode<CommandContext, InterfaceConfig> Interface { get; }

    /// <summary>What can be said about a port in a profile and on an interface alike.</summary>
    public Settings<CommandContext, PortConfig> Port { get; } = PortSettings.All();

    /// <summary>A session that stands in the configuration mode.</summary>
    public Session ConfigurationSession(string hostName) =>
        Interpreter.Start(hostName).Enter(new Level(Global.Name, Global.Prompt, ""));
}

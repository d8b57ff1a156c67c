using VSwitch.Commands;
using VSwitch.Protocol;

namespace VSwitch.Vsm;

/// <summary>Commands that modules carry out: <c>clear ...</c> and <c>module vem N execute ...</c>.</summary>
internal static class ModuleQuestions
{
    public static void AddTo(Mode<CommandContext> exec)
    {
        exec.Show("clear mac address-table dynamic", "Forgets all addresses that were learned.", invocation =>
            Clear(invocation.Context, new ClearQuestion { MacTable = true }));
        exec.Show("clear [ip] access-list counters [<acl>]", "Lets the counters of access-list entries start at zero.", invocation =>
            Clear(invocation.Context, new ClearQuestion { AccessLists = true, AccessList = AccessList(invocation) }));
        exec.Show("clear counters [interface <interface>]", "Lets the counters of interfaces start at zero.", invocation =>
            Clear(invocation.Context, new ClearQuestion { Counters = true, Interface = Interface(invocation) }));
        exec.Show("module vem <module> execute <command:line>", "Runs a vemcmd command on a module.", Execute);
    }

    private static Report Clear(CommandContext context, ClearQuestion clear) =>
        ModuleAnswers.Ask(context.Supervisor.Modules.Connected, () => new Question { Clear = clear }).Missing;

    private static string AccessList(Invocation<CommandContext> invocation) =>
        invocation.TryGet("acl", out string name) ? AccessListCommands.Find(invocation.Context.Config, name).Name : "";

    private static string Interface(Invocation<CommandContext> invocation) =>
        invocation.TryGet("interface", out InterfaceName name) ? InterfaceWords.Find(invocation.Context, name).Id.ToString() : "";

    private static Report Execute(Invocation<CommandContext> invocation)
    {
        int number = invocation.Get<int>("module");
        if (invocation.Context.Supervisor.Modules.Find(number) is not { IsConnected: true } module)
            throw new CommandException($"module {number} is not connected");
        ModuleAnswers answers = ModuleAnswers.Ask([module], () => new Question { Command = invocation.Get<string>("command") });
        CommandResult? result = answers.Given.Select(pair => pair.Answer.Command).FirstOrDefault();
        if (result is null)
            return answers.Missing;
        string output = result.Output.TrimEnd('\n');
        return result.Ok
            ? Report.OfLines(output.Length > 0 ? output.Split('\n') : [])
            : throw new CommandException($"module {number} says: {result.Error.Trim()}");
    }
}

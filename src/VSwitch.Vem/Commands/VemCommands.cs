using VSwitch.Commands;
using VSwitch.Protocol;

namespace VSwitch.Vem;

/// <summary>
/// The <c>vemcmd</c> language: the table of commands, and the three things that are done with it. Runs on the control
/// loop.
/// </summary>
internal sealed class VemCommands
{
    private readonly VemControl _control;
    private readonly Interpreter<VemControl> _interpreter;
    private readonly Session _session;

    public VemCommands(VemControl control, VemOptions options)
    {
        _control = control;
        var table = new CommandTable<VemControl>();
        table.Explain(
            ("show", "Show what the VEM knows"),
            ("clear", "Start counters or tables from nothing"));
        CardCommands.Declare(table);
        PortCommands.Declare(table);
        ForwardingCommands.Declare(table);
        _interpreter = new Interpreter<VemControl>(table);
        _session = _interpreter.Start(options.Name);
    }

    public ExecuteResponse Execute(ExecuteRequest request)
    {
        Result result = _interpreter.Execute(_control, _session, request.Line);
        return new ExecuteResponse
        {
            Ok = result.Ok,
            Output = result.Report.ToText(),
            Error = result.Error ?? "",
            ErrorColumn = result.ErrorColumn ?? -1,
        };
    }

    public CommandResult Run(string line)
    {
        ExecuteResponse response = Execute(new ExecuteRequest { Line = line });
        return new CommandResult { Ok = response.Ok, Output = response.Output, Error = response.Error };
    }

    public HelpResponse Help(HelpRequest request) => new() { Text = _interpreter.Help(_session, request.Line).ToText(0) };

    public CompleteResponse Complete(HelpRequest request)
    {
        Completion completion = _interpreter.Complete(_control, _session, request.Line);
        var response = new CompleteResponse { Replacement = request.Line[..completion.Column] + completion.CommonPrefix };
        response.Candidates.AddRange(completion.Candidates);
        return response;
    }
}

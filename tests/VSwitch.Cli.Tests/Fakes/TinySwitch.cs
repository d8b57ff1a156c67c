using VSwitch.Cli.Servers;
using VSwitch.Commands;
using VSwitch.Protocol;

namespace VSwitch.Cli.Tests.Fakes;

/// <summary>A switch with a handful of commands, run by the product's interpreter.</summary>
internal sealed class TinySwitch : ICommandServer
{
    private readonly Interpreter<TinySwitch> _interpreter;
    private readonly Session _start;

    public TinySwitch()
    {
        var table = new CommandTable<TinySwitch>();
        table.Explain(
            ("show", "Show what there is"), ("configure", "Configure the switch"), ("terminal", "From the terminal"), ("vlan", "A VLAN"),
            ("name", "Its name"), ("numbers", "Numbers"), ("module", "Modules"), ("mode", "The mode"), ("wide", "One wide line"));
        table.Exec.Show("show numbers <count:1-1000>", "Counts.", invocation =>
            Report.OfLines(Enumerable.Range(1, invocation.Get<int>("count")).Select(number => $"number {number}")));
        table.Exec.Show("show module", "Modules.", _ => Report.OfLines("Mod  Status", "---  ------", "1    active"));
        table.Exec.Show("show mode", "The mode.", invocation => Report.OfLines(invocation.Session.Mode));
        table.Exec.Show("show wide", "One wide line.", _ => Report.OfLines(new string('w', 100)));
        Mode<TinySwitch> config = table.AddMode("config", "config", "Configuration", table.Exec);
        Mode<TinySwitch> vlan = table.AddMode("vlan", "config-vlan", "A VLAN", config);
        table.Exec.Enter("configure [terminal]", "Configures.", config, show: _ => Report.OfLines("Enter configuration commands, one per line."));
        config.Enter("vlan <vlan:vlan-id>", "Enters a VLAN.", vlan, invocation => $"{invocation.Get<int>("vlan")}");
        vlan.Act("name <name:line>", "Names it.", invocation => Names.Add($"{invocation.Key} {invocation.Get<string>("name")}"));
        _interpreter = new Interpreter<TinySwitch>(table);
        _start = _interpreter.Start("tiny");
    }

    /// <summary>The lines it was asked to execute.</summary>
    public List<string> Executed { get; } = [];

    /// <summary>The VLANs that were named: <c>10 red</c>.</summary>
    public List<string> Names { get; } = [];

    public Task<ExecuteResponse> ExecuteAsync(ExecuteRequest request, CancellationToken cancellationToken)
    {
        Executed.Add(request.Line);
        Result result = _interpreter.Execute(this, Read(request.Session), request.Line);
        return Task.FromResult(new ExecuteResponse
        {
            Ok = result.Ok,
            Output = result.Report.ToText(),
            Error = result.Error ?? "",
            ErrorColumn = result.ErrorColumn ?? -1,
            Session = result.Session.ToText(),
            Prompt = result.Session.Prompt,
            Closed = !result.Session.IsOpen,
        });
    }

    public Task<HelpResponse> HelpAsync(HelpRequest request, CancellationToken cancellationToken)
    {
        Session session = Read(request.Session);
        return Task.FromResult(new HelpResponse { Text = _interpreter.Help(session, request.Line).ToText(session.Prompt.Length) });
    }

    public Task<CompleteResponse> CompleteAsync(HelpRequest request, CancellationToken cancellationToken)
    {
        var response = new CompleteResponse();
        response.Candidates.AddRange(_interpreter.Complete(this, Read(request.Session), request.Line).Candidates);
        return Task.FromResult(response);
    }

    private Session Read(string text) => Session.TryParse(text, out Session session) && text.Length > 0 ? session : _start;
}

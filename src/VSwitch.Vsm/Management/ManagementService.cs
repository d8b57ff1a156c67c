using Grpc.Core;
using VSwitch.Commands;
using VSwitch.Protocol;

namespace VSwitch.Vsm;

/// <summary>
/// Serves the command line. Nothing is kept between calls: where the user stands travels with every call, as text.
/// </summary>
public sealed class ManagementService(Grammar grammar, Supervisor supervisor) : Management.ManagementBase
{
    public override Task<ExecuteResponse> Execute(ExecuteRequest request, ServerCallContext context) =>
        Task.FromResult(Execute(request));

    public override Task<HelpResponse> Help(HelpRequest request, ServerCallContext context)
    {
        Session session = Read(request.Session);
        string text = grammar.Interpreter.Help(session, request.Line).ToText(session.Prompt.Length);
        return Task.FromResult(new HelpResponse { Text = text, Prompt = session.Prompt });
    }

    public override Task<CompleteResponse> Complete(HelpRequest request, ServerCallContext context)
    {
        Completion completion = grammar.Interpreter.Complete(Context(), Read(request.Session), request.Line);
        var response = new CompleteResponse { Replacement = completion.CommonPrefix };
        response.Candidates.AddRange(completion.Candidates);
        return Task.FromResult(response);
    }

    /// <summary>Executes one line.</summary>
    public ExecuteResponse Execute(ExecuteRequest request)
    {
        CommandContext context = Context();
        Session session = Read(request.Session);
        Result result = Run(context, session, request.Line);
        Session next = result.Session with { HostName = context.Config.HostName };
        return new ExecuteResponse
        {
            Ok = result.Ok,
            Output = result.Report.ToText() + string.Concat(result.Ok ? context.Notices.Select(notice => notice + "\n") : []),
            Error = result.Error ?? "",
            ErrorColumn = result.ErrorColumn ?? -1,
            Session = next.ToText(),
            Prompt = next.Prompt,
            Closed = !next.IsOpen,
        };
    }

    private Result Run(CommandContext context, Session session, string line)
    {
        try
        {
            return grammar.Interpreter.Execute(context, session, line);
        }
        catch (RefusedException refusal)
        {
            return Result.Refused(session, refusal.Message);
        }
        catch (FormatException)
        {
            return Result.Refused(session, "this session belongs to another switch");
        }
    }

    private CommandContext Context() => new(supervisor.Configuration, supervisor);

    /// <summary>An empty text is a new session; one that is no session is, too, a session in which nothing can be done.</summary>
    private Session Read(string text)
    {
        string hostName = supervisor.Configuration.Current.HostName;
        if (text.Length == 0)
            return grammar.Interpreter.Start(hostName);
        return Session.TryParse(text, out Session session) ? session with { HostName = hostName } : new Session(hostName, []);
    }
}

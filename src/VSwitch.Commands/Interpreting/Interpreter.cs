namespace VSwitch.Commands;

/// <summary>
/// Executes lines, explains and completes them, by a table of commands.
///
/// A line is first tried in the session's mode, then in each mode around it, out to EXEC. So <c>vlan 20</c> works inside
/// an interface, and leaves it; <c>show</c> and all other EXEC commands work everywhere, and leave nothing. A word that is
/// ambiguous in a mode is not tried further out, where it might mean something that the user did not think of.
///
/// The interpreter holds no state: what changes is the context and the <see cref="Session"/>. It may be used from several
/// threads at once if the context may.
/// </summary>
/// <typeparam name="TContext">What handlers act on.</typeparam>
public sealed class Interpreter<TContext>
{
    /// <summary>More than a person types and a running configuration holds on one line.</summary>
    public const int LineLengthMax = 8192;

    private const int IndentColumns = 2;

    private readonly CommandTable<TContext> _table;
    private readonly Dictionary<string, CompiledMode<TContext>> _modes;

    /// <exception cref="NotationException">A command is declared wrongly.</exception>
    public Interpreter(CommandTable<TContext> table)
    {
        table.DeclareSettings();
        _table = table;
        _modes = table.Modes.ToDictionary(
            mode => mode.Name,
            mode => new CompiledMode<TContext>(mode, [.. mode.Commands, .. BuiltIn.Commands(mode)], table),
            StringComparer.Ordinal);
    }

    /// <summary>A new session in EXEC mode.</summary>
    public Session Start(string hostName) => new(hostName, [new Level(CommandTable<TContext>.ExecMode, "", "")]);

    /// <summary>Executes a line. A line that is empty or starts with <c>!</c> does nothing.</summary>
    public Result Execute(TContext context, Session session, string line) => Execute(context, session, line, abbreviations: true);

    /// <summary>The command that a line is, without executing it; null if it is none. For authorisation.</summary>
    public Command<TContext>? Find(Session session, string line) =>
        line.Length <= LineLengthMax && TryFindModes(session, out var modes)
            ? Resolve(modes, Request.Read(line, inProgress: false), abbreviations: true, out _)?.Command
            : null;

    /// <summary>
    /// Executes the lines of a saved configuration. Keywords must be spelled out there, so that a new keyword never takes
    /// the place of a name that begins it; and indentation says which mode a line belongs to, two columns for each.
    /// </summary>
    /// <param name="context">What handlers act on.</param>
    /// <param name="session">The session in the mode in which lines that are not indented belong.</param>
    /// <param name="lines">The lines.</param>
    /// <returns>The first line, counted from 1, that was not understood or refused; null if there was none.</returns>
    public (int LineNumber, Result Result)? Replay(TContext context, Session session, IEnumerable<string> lines)
    {
        var current = session;
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (IsBlank(line))
                continue;
            var indent = line.Length - line.TrimStart().Length;
            var depth = Math.Min(current.Levels.Count, session.Levels.Count + (indent / IndentColumns));
            current = current with { Levels = current.Levels.GetRange(0, depth) };
            var result = Execute(context, current, line, abbreviations: false);
            if (!result.Ok)
                return (number, result);
            current = result.Session;
        }
        return null;
    }

    /// <summary>Says what may stand where a line ends: the rest of its last word, or a next one if a space ends it.</summary>
    public HelpText Help(Session session, string line)
    {
        if (!TryFindModes(session, out var modes) || line.Length > LineLengthMax)
            return new HelpText([]);
        return Suggestions<TContext>.Of(modes, Request.Read(line, inProgress: true)).ToHelp();
    }

    /// <summary>Says what the last word of a line may become.</summary>
    public Completion Complete(TContext context, Session session, string line)
    {
        if (!TryFindModes(session, out var modes) || line.Length > LineLengthMax)
            return new Completion(line.Length, []);
        return Suggestions<TContext>.Of(modes, Request.Read(line, inProgress: true))
            .ToCompletion(type => _table.CandidatesOf(type, context));
    }

    private Result Execute(TContext context, Session session, string line, bool abbreviations)
    {
        if (line.Length > LineLengthMax)
            return Result.Refused(session, $"a line has at most {LineLengthMax} characters");
        if (IsBlank(line))
            return Result.Done(session, Report.Empty);
        if (!TryFindModes(session, out var modes))
            return Result.Refused(session, session.IsOpen ? "this session is of another switch" : "this session is over");

        var request = Request.Read(line, inProgress: false);
        if (Resolve(modes, request, abbreviations, out var failure) is not { } found
            || FilterTable.Resolve(found.IsExec ? request.Filters : [], out failure) is not { } filters)
            return Result.NotUnderstood(session, failure!);

        var inMode = found.IsExec && found.Command.Move is null ? session : session.BackTo(found.Mode);
        var invocation = new Invocation<TContext>(context, inMode, request.Form, found.Arguments, line);
        try
        {
            var report = filters.Aggregate(found.Command.Run(invocation), (input, filter) => filter(input));
            return Result.Done(found.Command.Move?.Invoke(invocation) ?? inMode, report);
        }
        catch (CommandException refusal)
        {
            return Result.Refused(session, refusal.Message);
        }
    }

    private readonly record struct Found(Command<TContext> Command, Arguments Arguments, string Mode, bool IsExec);

    private static Found? Resolve(
        IReadOnlyList<CompiledMode<TContext>> modes, Request request, bool abbreviations, out Failure? failure)
    {
        failure = null;
        foreach (var mode in modes)
        {
            var isExec = mode.Mode.Parent is null;
            if (request.ExecOnly && !isExec)
                continue;
            var line = isExec ? request.Command : request.Whole;
            if (mode.Resolve(line, request.Form, abbreviations, out var reason) is { } match)
                return new Found(match.Command, match.Arguments, mode.Mode.Name, isExec);
            failure = Failure.Better(failure, reason!);
            if (reason!.IsAmbiguous)
                break;
        }
        return null;
    }

    /// <summary>
    /// The modes of a session, innermost first. A session comes back from outside, so its levels are checked to be ours.
    /// </summary>
    private bool TryFindModes(Session session, out List<CompiledMode<TContext>> modes)
    {
        modes = [];
        for (var index = 0; index < session.Levels.Count; index++)
        {
            var expectedParent = index > 0 ? session.Levels[index - 1].Mode : null;
            if (!_modes.TryGetValue(session.Levels[index].Mode, out var mode) || mode.Mode.Parent?.Name != expectedParent)
                return false;
            modes.Insert(0, mode);
        }
        return modes.Count > 0;
    }

    private static bool IsBlank(string line) => line.AsSpan().TrimStart() is [] or ['!', ..];
}

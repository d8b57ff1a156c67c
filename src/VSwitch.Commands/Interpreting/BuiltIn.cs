namespace VSwitch.Commands;

/// <summary>What every mode understands without declaring it.</summary>
internal static class BuiltIn
{
    public const string No = "no";
    public const string Default = "default";
    public const string Do = "do";

    /// <summary>The EXEC commands that are offered in other modes even before anything is typed.</summary>
    public const string Show = "show";

    public static readonly HelpEntry[] Negations =
    [
        new(Default, "Set a command to its default"),
        new(No, "Negate a command"),
    ];

    public static readonly HelpEntry[] DoPrefix = [new(Do, "Give an EXEC command")];

    public static readonly HelpEntry Pipe = new("|", "Pipe the output to a filter");

    public static readonly HelpEntry End = new("<CR>", "");

    public static IEnumerable<Command<TContext>> Commands<TContext>(Mode<TContext> mode)
    {
        var isExec = mode.Parent is null;
        yield return Mover<TContext>("exit", isExec ? "Close the session" : "Leave this mode", session => session.Exit());
        if (!isExec)
            yield return Mover<TContext>("end", "Go back to EXEC mode", session => session.End());
    }

    private static Command<TContext> Mover<TContext>(string keyword, string help, Func<Session, Session> move) => new()
    {
        Notation = keyword,
        Help = help,
        Words = new Words { [keyword] = help },
        Run = _ => Report.Empty,
        Move = invocation => move(invocation.Session),
    };
}

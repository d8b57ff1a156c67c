namespace VSwitch.Commands;

/// <summary>The answer to a line.</summary>
public sealed record Result
{
    private Result(Session session, Report report)
    {
        Session = session;
        Report = report;
    }

    /// <summary>Where the user stands now.</summary>
    public Session Session { get; }

    /// <summary>What the command said; empty after an error.</summary>
    public Report Report { get; }

    public bool Ok => Error is null;

    /// <summary>What went wrong, as it is shown; may have several lines.</summary>
    public string? Error { get; private init; }

    /// <summary>The column of the line, from 0, that the error is about; null if it is about the whole line.</summary>
    public int? ErrorColumn { get; private init; }

    public static Result Done(Session session, Report report) => new(session, report);

    /// <summary>
    /// A command that was understood and refused. Also for a caller that finds, after the command has run, that its effect
    /// cannot be kept: <c>Result.Refused(session, "the store is full")</c> shows <c>ERROR: the store is full</c>.
    /// </summary>
    public static Result Refused(Session session, string reason) =>
        new(session, Report.Empty) { Error = $"ERROR: {reason}" };

    internal static Result NotUnderstood(Session session, Failure failure) =>
        new(session, Report.Empty) { Error = failure.Message, ErrorColumn = failure.Column };

    /// <summary>
    /// What a terminal prints below the line: the report, or the caret and the error.
    /// </summary>
    /// <param name="promptWidth">The characters before the line on the terminal, by which the caret moves right.</param>
    public string ToText(int promptWidth)
    {
        if (Error is null)
            return Report.ToText();
        var caret = ErrorColumn is { } column ? new string(' ', promptWidth + column) + "^\n" : "";
        return $"{caret}{Error}\n";
    }
}

namespace VSwitch.Cli.Scripts;

/// <summary>A line to execute, and where it comes from as an error message says it: <c>lab.cfg:3</c>.</summary>
internal sealed record ScriptLine(string Origin, string Text)
{
    private const string Argument = "-c";

    /// <summary>Blank lines and comments say nothing to the server.</summary>
    public bool IsSilent => Text.AsSpan().TrimStart() is [] or ['!', ..];

    /// <summary>
    /// Whether it asks for the words that may follow, as the question mark does in a terminal. In a script it does not: there a
    /// description may end with one, and nobody is there to read.
    /// </summary>
    public bool IsQuestion => Origin == Argument && (Text is "?" || Text.EndsWith(" ?", StringComparison.Ordinal));

    /// <summary>The lines of a text, numbered from 1, each read when it is asked for.</summary>
    public static IEnumerable<ScriptLine> Read(string name, TextReader text)
    {
        for (int number = 1; text.ReadLine() is { } line; number++)
            yield return new ScriptLine($"{name}:{number}", line);
    }

    /// <summary>The lines of commands that are arguments.</summary>
    public static IEnumerable<ScriptLine> Read(IEnumerable<string> commands) =>
        commands.SelectMany(command => command.Split('\n')).Select(line => new ScriptLine(Argument, line.TrimEnd('\r')));
}

namespace VSwitch.Commands;

/// <summary>
/// A command is declared wrongly: unbalanced brackets, an unknown parameter type, an unreachable word. Thrown when the
/// interpreter is made, so that a daemon with such a table does not start.
/// </summary>
public sealed class NotationException : Exception
{
    public NotationException(string command, string problem)
        : base($"Command \"{command}\": {problem}") => Command = command;

    /// <summary>The declaration as it was written.</summary>
    public string Command { get; }
}

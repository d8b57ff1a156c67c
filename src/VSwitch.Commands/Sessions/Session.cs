using System.Collections.Immutable;

namespace VSwitch.Commands;

/// <summary>A mode that a session has entered.</summary>
/// <param name="Mode">The mode's name.</param>
/// <param name="Prompt">What the prompt shows between parentheses; empty in the EXEC mode.</param>
/// <param name="Key">What the mode is about, such as <c>Vethernet1</c>; may be empty. One line of text.</param>
public sealed record Level(string Mode, string Prompt, string Key);

/// <summary>
/// Where a user stands: the modes entered, outermost first, and what each is about. A session is a value and has a text
/// form (<see cref="ToText"/>, <see cref="TryParse"/>), so a server keeps nothing between two lines of a user: it sends
/// the session back with every answer. A session that has left its last mode is over.
/// </summary>
public sealed record Session(string HostName, ImmutableList<Level> Levels)
{
    /// <summary>Modes nest a handful deep; a text that claims more is not one of ours.</summary>
    private const int LevelsMax = 16;

    private const string NoPrompt = "-";

    public bool IsOpen => !Levels.IsEmpty;

    /// <summary>The name of the current mode.</summary>
    public string Mode => IsOpen ? Levels[^1].Mode : "";

    /// <summary>What the current mode is about.</summary>
    public string Key => IsOpen ? Levels[^1].Key : "";

    /// <summary>The prompt with its trailing space: <c>switch(config-if)# </c>.</summary>
    public string Prompt => IsOpen && Levels[^1].Prompt.Length > 0 ? $"{HostName}({Levels[^1].Prompt})# " : $"{HostName}# ";

    /// <summary>What a mode around the current one is about; null if the session is not in that mode.</summary>
    public string? KeyOf(string mode) => Levels.FindLast(level => level.Mode == mode)?.Key;

    /// <summary>The session one mode further out.</summary>
    public Session Exit() => IsOpen ? this with { Levels = Levels.RemoveAt(Levels.Count - 1) } : this;

    /// <summary>The session in its outermost mode.</summary>
    public Session End() => IsOpen ? this with { Levels = [Levels[0]] } : this;

    /// <summary>The session in a mode that it is in already, with the modes inside that one left.</summary>
    public Session BackTo(string mode)
    {
        var index = Levels.FindLastIndex(level => level.Mode == mode);
        return index < 0 ? this : this with { Levels = Levels.GetRange(0, index + 1) };
    }

    public Session Enter(Level level) => this with { Levels = Levels.Add(level) };

    /// <summary>
    /// One line with the host name, then one line <c>mode prompt key</c> per level; <c>-</c> stands for no prompt.
    /// </summary>
    public string ToText() => string.Join('\n', [HostName, .. Levels.Select(ToText)]);

    public static bool TryParse(string text, out Session session)
    {
        var lines = text.Split('\n');
        session = new Session(lines[0], []);
        if (lines.Length - 1 > LevelsMax)
            return false;
        foreach (var line in lines.Skip(1))
        {
            var parts = line.Split(' ', 3);
            if (parts.Length < 2 || parts[0].Length == 0 || parts[1].Length == 0)
                return false;
            session = session.Enter(new Level(parts[0], parts[1] == NoPrompt ? "" : parts[1], parts.ElementAtOrDefault(2) ?? ""));
        }
        return true;
    }

    private static string ToText(Level level) =>
        $"{level.Mode} {(level.Prompt.Length > 0 ? level.Prompt : NoPrompt)} {level.Key}".TrimEnd();

    public bool Equals(Session? other) => other is not null && HostName == other.HostName && Levels.SequenceEqual(other.Levels);

    public override int GetHashCode() => Levels.Aggregate(HostName.GetHashCode(StringComparison.Ordinal), HashCode.Combine);
}

namespace VSwitch.Commands;

/// <summary>One word that may stand where the user is typing.</summary>
public sealed record HelpEntry(string Token, string Help);

/// <summary>The answer to <c>?</c>.</summary>
public sealed record HelpText(IReadOnlyList<HelpEntry> Entries)
{
    /// <summary>What is wrong with the words before; null if nothing is.</summary>
    public string? Error { get; init; }

    /// <summary>The column of the line, from 0, that the error is about.</summary>
    public int? ErrorColumn { get; init; }

    /// <summary>What a terminal prints below the line: two columns, or the caret and the error.</summary>
    public string ToText(int promptWidth)
    {
        if (Error is not null)
            return $"{new string(' ', promptWidth + ErrorColumn.GetValueOrDefault())}^\n{Error}\n";
        var width = Entries.Select(entry => entry.Token.Length).DefaultIfEmpty().Max();
        return string.Concat(Entries.Select(entry => $"  {entry.Token.PadRight(width)}  {entry.Help}".TrimEnd() + "\n"));
    }
}

namespace VSwitch.Cli.Local;

/// <summary>
/// Where the output of a <c>show</c> goes instead of the screen: <c>show module &gt; modules.txt</c>, or <c>&gt;&gt;</c> to append.
/// </summary>
internal sealed record Redirection(string Path, bool Appends)
{
    /// <summary>
    /// Takes the redirection off the end of a line. The sign needs a space before it, for a regular expression may hold one, and
    /// counts for nothing between quotes.
    /// </summary>
    /// <returns>The line without it; null for the redirection if there is none.</returns>
    public static (string Line, Redirection? Redirection) Take(string line)
    {
        int sign = line.LastIndexOf(" >", StringComparison.Ordinal);
        if (sign < 0 || !LocalWords.IsShow(line) || line[..sign].Count(c => c == '"') % 2 == 1)
            return (line, null);
        bool appends = line.AsSpan(sign + 2).StartsWith(">");
        string path = line[(sign + (appends ? 3 : 2))..].Trim();
        bool isOneWord = path.Length > 0 && !path.Any(char.IsWhiteSpace);
        return isOneWord ? (line[..sign], new Redirection(path, appends)) : (line, null);
    }

    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Write(string output)
    {
        if (Appends)
            File.AppendAllText(Path, output);
        else
            File.WriteAllText(Path, output);
    }
}

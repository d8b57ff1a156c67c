using VSwitch.Protocol;

namespace VSwitch.Cli.Local;

/// <summary><c>terminal length N</c>: rows per screen, 0 never to stop. The server has no terminal, so it is done here.</summary>
internal static class TerminalLength
{
    private const int LengthMax = 511;

    /// <summary>Whether a line is this command; <paramref name="length"/> is null if its number is missing or wrong.</summary>
    public static bool TryRead(string line, out int? length)
    {
        string[] words = LocalWords.Split(line);
        length = words.Length == 3 && int.TryParse(words[2], out int number) && number is >= 0 and <= LengthMax ? number : null;
        return words.Length >= 2 && LocalWords.IsAbbreviation(words[0], "terminal", lengthMin: 3)
            && LocalWords.IsAbbreviation(words[1], "length", lengthMin: 1);
    }

    /// <summary>The answer to a line whose number is missing or wrong.</summary>
    public static ExecuteResponse Refusal(string line)
    {
        string[] words = LocalWords.Split(line);
        return words.Length switch
        {
            2 => Wrong(line.TrimEnd().Length, "% Incomplete command at '^' marker."),
            3 => Wrong(line.LastIndexOf(words[2], StringComparison.Ordinal), $"% Invalid number, range is (0-{LengthMax}) at '^' marker."),
            _ => Wrong(line.LastIndexOf(words[3], StringComparison.Ordinal), "% Invalid command at '^' marker."),
        };
    }

    private static ExecuteResponse Wrong(int column, string error) => new() { Error = error, ErrorColumn = column };
}

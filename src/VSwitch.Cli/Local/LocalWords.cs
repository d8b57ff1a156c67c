namespace VSwitch.Cli.Local;

/// <summary>What must be known here of the server's language, abbreviations included.</summary>
internal static class LocalWords
{
    /// <summary>Whether a line shows something, and so may be given twice and has an output worth keeping.</summary>
    public static bool IsShow(string line)
    {
        string[] words = Split(line);
        int first = words.Length > 0 && words[0] == "do" ? 1 : 0;
        return words.Length > first && IsAbbreviation(words[first], "show", lengthMin: 2);
    }

    public static bool IsAbbreviation(string word, string keyword, int lengthMin) =>
        word.Length >= lengthMin && keyword.StartsWith(word, StringComparison.OrdinalIgnoreCase);

    public static string[] Split(string line) => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
}

namespace VSwitch.Cli.Terminal;

/// <summary>The words that the last word of a line may become.</summary>
internal static class Candidates
{
    /// <summary>
    /// The line with as much in place of its last word as all candidates share. The last word is as much of the line's end as begins
    /// every candidate; it may be empty.
    /// </summary>
    public static string Extend(string line, IReadOnlyList<string> candidates)
    {
        string common = candidates.Aggregate(CommonPrefix);
        int typed = Math.Min(line.Length, common.Length);
        while (!common.StartsWith(line[^typed..], StringComparison.OrdinalIgnoreCase))
            typed--;
        return line[..^typed] + common;
    }

    /// <summary>As many in each row as there is room for, two spaces apart.</summary>
    public static string InColumns(IReadOnlyList<string> words, int width)
    {
        int columnWidth = words.Max(word => word.Length) + 2;
        int columnCount = Math.Max(width / columnWidth, 1);
        return string.Concat(words.Chunk(columnCount)
            .Select(row => string.Concat(row.Select(word => word.PadRight(columnWidth))).TrimEnd() + "\n"));
    }

    private static string CommonPrefix(string left, string right)
    {
        int length = 0;
        while (length < left.Length && length < right.Length && char.ToLowerInvariant(left[length]) == char.ToLowerInvariant(right[length]))
            length++;
        return left[..length];
    }
}

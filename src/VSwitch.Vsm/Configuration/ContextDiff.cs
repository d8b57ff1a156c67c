namespace VSwitch.Vsm;

/// <summary>
/// Differences between two texts in the form of <c>diff -c</c>: each region of change twice, as it was and as it is, with
/// three lines around it; <c>-</c> marks lines that went, <c>+</c> lines that came, <c>!</c> lines that were replaced.
/// </summary>
public static class ContextDiff
{
    private const int ContextLines = 3;

    /// <summary>A run of lines that differ: from these lines to those.</summary>
    private readonly record struct Change(int OldStart, int OldEnd, int NewStart, int NewEnd)
    {
        public bool Removes => OldEnd > OldStart;

        public bool Adds => NewEnd > NewStart;
    }

    /// <summary>The differences; none if the texts are equal.</summary>
    public static IEnumerable<string> Lines(string oldName, string[] oldLines, string newName, string[] newLines)
    {
        List<Change> changes = Changes(oldLines, newLines);
        if (changes.Count == 0)
            yield break;

        yield return $"*** {oldName}";
        yield return $"--- {newName}";
        foreach (List<Change> region in Regions(changes))
        {
            Change first = region[0];
            Change last = region[^1];
            int oldFrom = Math.Max(0, first.OldStart - ContextLines);
            int newFrom = Math.Max(0, first.NewStart - ContextLines);
            int oldTo = Math.Min(oldLines.Length, last.OldEnd + ContextLines);
            int newTo = Math.Min(newLines.Length, last.NewEnd + ContextLines);

            yield return "***************";
            yield return $"*** {Range(oldFrom, oldTo)} ****";
            var oldSpans = region.Select(change => (change.OldStart, change.OldEnd, change.Adds ? '!' : '-'));
            foreach (string line in Side(oldLines, oldFrom, oldTo, region.Exists(change => change.Removes) ? oldSpans : []))
                yield return line;
            yield return $"--- {Range(newFrom, newTo)} ----";
            var newSpans = region.Select(change => (change.NewStart, change.NewEnd, change.Removes ? '!' : '+'));
            foreach (string line in Side(newLines, newFrom, newTo, region.Exists(change => change.Adds) ? newSpans : []))
                yield return line;
        }
    }

    /// <summary>One side of a region, its changed lines marked; left out if nothing on it changed.</summary>
    private static IEnumerable<string> Side(string[] lines, int from, int to, IEnumerable<(int Start, int End, char Mark)> changes)
    {
        (int Start, int End, char Mark)[] spans = [.. changes];
        for (int line = from; spans.Length > 0 && line < to; line++)
        {
            char mark = spans.Where(span => line >= span.Start && line < span.End).Select(span => span.Mark).FirstOrDefault(' ');
            yield return $"{mark} {lines[line]}".TrimEnd();
        }
    }

    private static string Range(int from, int to) => to - from <= 1 ? $"{to}" : $"{from + 1},{to}";

    /// <summary>Changes whose context lines touch are shown together.</summary>
    private static IEnumerable<List<Change>> Regions(List<Change> changes)
    {
        var region = new List<Change>();
        foreach (Change change in changes)
        {
            if (region.Count > 0 && change.OldStart - region[^1].OldEnd > 2 * ContextLines)
            {
                yield return region;
                region = [];
            }

            region.Add(change);
        }

        yield return region;
    }

    private static List<Change> Changes(string[] oldLines, string[] newLines)
    {
        var changes = new List<Change>();
        int oldNext = 0;
        int newNext = 0;
        foreach ((int oldLine, int newLine) in LongestCommon.Pairs(oldLines, newLines).Append((oldLines.Length, newLines.Length)))
        {
            if (oldLine > oldNext || newLine > newNext)
                changes.Add(new Change(oldNext, oldLine, newNext, newLine));
            oldNext = oldLine + 1;
            newNext = newLine + 1;
        }

        return changes;
    }
}

namespace VSwitch.Vsm;

/// <summary>
/// The lines that two texts have in common, in order and as many as possible: Myers, "An O(ND) Difference Algorithm and
/// Its Variations", 1986. The cost grows with the square of the number of differences, so texts that have little in common
/// are taken to have nothing in common between their equal beginnings and ends.
/// </summary>
internal static class LongestCommon
{
    private const int EditsMax = 2000;

    /// <summary>Pairs of equal lines, by their indices from zero, in rising order.</summary>
    public static IEnumerable<(int Old, int New)> Pairs(string[] oldLines, string[] newLines)
    {
        int head = 0;
        int shorter = Math.Min(oldLines.Length, newLines.Length);
        while (head < shorter && oldLines[head] == newLines[head])
            head++;
        int tail = 0;
        while (tail < shorter - head && oldLines[^(tail + 1)] == newLines[^(tail + 1)])
            tail++;

        return
        [
            .. Enumerable.Range(0, head).Select(line => (line, line)),
            .. Middle(oldLines[head..^tail], newLines[head..^tail]).Select(pair => (pair.Old + head, pair.New + head)),
            .. Enumerable.Range(0, tail).Select(line => (oldLines.Length - tail + line, newLines.Length - tail + line)),
        ];
    }

    private static List<(int Old, int New)> Middle(string[] oldLines, string[] newLines)
    {
        var pairs = new List<(int, int)>();
        if (Search(oldLines, newLines) is not { } trace)
            return pairs;
        int x = oldLines.Length;
        int y = newLines.Length;
        for (int edits = trace.Count - 1; edits >= 0; edits--)
        {
            int diagonal = x - y;
            int before = edits == 0 ? 0 : ComesFromAbove(trace[edits - 1], edits, diagonal) ? diagonal + 1 : diagonal - 1;
            int startX = edits == 0 ? 0 : Furthest(trace[edits - 1], edits - 1, before);
            int startY = edits == 0 ? 0 : startX - before;
            while (x > startX && y > startY && oldLines[x - 1] == newLines[y - 1])
                pairs.Add((--x, --y));
            (x, y) = (startX, startY);
        }

        pairs.Reverse();
        return pairs;
    }

    /// <summary>
    /// For each number of edits, how far along the old text each diagonal (old index less new index) can be followed; null if
    /// the texts differ in too much.
    /// </summary>
    private static List<int[]>? Search(string[] oldLines, string[] newLines)
    {
        var trace = new List<int[]>();
        for (int edits = 0; edits <= EditsMax; edits++)
        {
            var reached = new int[2 * edits + 1];
            for (int diagonal = -edits; diagonal <= edits; diagonal += 2)
            {
                int x = 0;
                if (edits > 0)
                {
                    int[] last = trace[edits - 1];
                    x = ComesFromAbove(last, edits, diagonal) ? Furthest(last, edits - 1, diagonal + 1) : Furthest(last, edits - 1, diagonal - 1) + 1;
                }

                int y = x - diagonal;
                while (x < oldLines.Length && y < newLines.Length && oldLines[x] == newLines[y])
                    (x, y) = (x + 1, y + 1);
                reached[diagonal + edits] = x;
                if (x >= oldLines.Length && y >= newLines.Length)
                {
                    trace.Add(reached);
                    return trace;
                }
            }

            trace.Add(reached);
        }

        return null;
    }

    /// <summary>Whether the last edit onto a diagonal adds a line, rather than removing one.</summary>
    private static bool ComesFromAbove(int[] last, int edits, int diagonal) =>
        diagonal == -edits || (diagonal != edits && Furthest(last, edits - 1, diagonal - 1) < Furthest(last, edits - 1, diagonal + 1));

    private static int Furthest(int[] reached, int edits, int diagonal) => reached[diagonal + edits];
}

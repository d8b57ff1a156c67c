namespace VSwitch.Policy;

/// <summary>Finds what somebody may have meant by a name that does not exist.</summary>
public static class NearNames
{
    private const int SuggestionsMax = 3;

    /// <summary><c>; did you mean web, web2?</c>, or nothing if no name is near.</summary>
    public static string Suggest(string wanted, IEnumerable<string> names)
    {
        var near = names
            .Select(name => (Name: name, Distance: Distance(wanted, name)))
            .Where(candidate => candidate.Distance <= DistanceMax(wanted)
                || candidate.Name.StartsWith(wanted, StringComparison.OrdinalIgnoreCase))
            .OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Take(SuggestionsMax).Select(candidate => candidate.Name).ToList();
        return near.Count == 0 ? "" : $"; did you mean {string.Join(", ", near)}?";
    }

    /// <summary>Two letters exchanged are a distance of two; but a name with no letter in common is never near.</summary>
    private static int DistanceMax(string wanted) => Math.Min(wanted.Length - 1, 1 + (wanted.Length + 1) / 4);

    /// <summary>Letters to change, add or leave out to make one word of the other, whatever their case (Levenshtein).</summary>
    private static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int cost = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1;
                int best = Math.Min(diagonal + cost, Math.Min(row[j], row[j - 1]) + 1);
                diagonal = row[j];
                row[j] = best;
            }
        }

        return row[^1];
    }
}

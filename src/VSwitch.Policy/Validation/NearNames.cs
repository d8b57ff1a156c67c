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

    /// <summary>A name with no letter in common is never near.</summary>
    private static int DistanceMax(string wanted) => Math.Min(wanted.Length - 1, 1 + wanted.Length / 4);

    /// <summary>
    /// How many letters to change, add, leave out or exchange with their neighbour to make one word of the other, whatever
    /// their case (the optimal string alignment distance).
    /// </summary>
    private static int Distance(string left, string right)
    {
        var distances = new int[left.Length + 1, right.Length + 1];
        for (int i = 0; i <= left.Length; i++)
        {
            for (int j = 0; j <= right.Length; j++)
            {
                distances[i, j] = (i, j) switch
                {
                    (0, _) => j,
                    (_, 0) => i,
                    _ => Math.Min(
                        Math.Min(distances[i - 1, j], distances[i, j - 1]) + 1,
                        distances[i - 1, j - 1] + (Same(left[i - 1], right[j - 1]) ? 0 : 1)),
                };
                if (i > 1 && j > 1 && Same(left[i - 1], right[j - 2]) && Same(left[i - 2], right[j - 1]))
                    distances[i, j] = Math.Min(distances[i, j], distances[i - 2, j - 2] + 1);
            }
        }

        return distances[left.Length, right.Length];
    }

    private static bool Same(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}

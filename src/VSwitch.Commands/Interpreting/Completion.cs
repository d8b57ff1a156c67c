namespace VSwitch.Commands;

/// <summary>The answer to the tabulator key: what the word being typed may become.</summary>
/// <param name="Column">The column of the line, from 0, in which that word starts.</param>
/// <param name="Candidates">The whole words, sorted.</param>
public sealed record Completion(int Column, IReadOnlyList<string> Candidates)
{
    /// <summary>How all candidates begin: with what the word can be replaced at once. Empty if there are none.</summary>
    public string CommonPrefix => Candidates.Count == 0 ? "" : Candidates.Aggregate(Common);

    private static string Common(string left, string right)
    {
        var length = 0;
        while (length < Math.Min(left.Length, right.Length)
               && char.ToLowerInvariant(left[length]) == char.ToLowerInvariant(right[length]))
            length++;
        return left[..length];
    }
}

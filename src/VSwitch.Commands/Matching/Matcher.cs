namespace VSwitch.Commands;

/// <summary>
/// Matches lines with the commands of one mode.
///
/// All commands walk the line together, word by word. At each word a keyword that is spelled out beats keywords that the
/// word abbreviates, and those beat values; a word that abbreviates two different keywords is ambiguous. So a command
/// never has to be chosen before the word that decides, and nothing is ever taken back. Where a line still fits two
/// commands at its end, the one declared first has it.
///
/// The same walk, stopped before the last word, yields what may stand there: that is help and completion.
/// </summary>
internal sealed class Matcher(IReadOnlyList<Graph> graphs)
{
    /// <summary>Finds the command that a whole line is, or says why there is none.</summary>
    /// <param name="line">The line.</param>
    /// <param name="abbreviations">False if keywords must be spelled out, as they are in a saved configuration.</param>
    /// <param name="failure">Set if the answer is null.</param>
    public Way? Match(InputLine line, bool abbreviations, out Failure? failure)
    {
        var ways = Walk(line, line.Words.Count, abbreviations, out failure);
        if (failure is not null)
            return null;
        var match = ways.Find(way => way.Node.IsFinal);
        if (match is null)
            failure = Failure.Incomplete(line.WordsEnd);
        return match;
    }

    /// <summary>
    /// Walks all words but the last. A way in the answer either stands before the last word or, if its last value takes
    /// several words, already contains it.
    /// </summary>
    public IReadOnlyList<Way> WalkToLastWord(InputLine line, out Failure? failure) =>
        Walk(line, line.Words.Count - 1, abbreviations: true, out failure);

    private List<Way> Walk(InputLine line, int wordCount, bool abbreviations, out Failure? failure)
    {
        List<Way> ways = [.. graphs.Select(Way.StartOf)];
        failure = null;
        for (var index = 0; index < wordCount && failure is null; index++)
        {
            var due = ways.FindAll(way => way.WordsTaken == index);
            ways.RemoveAll(way => way.WordsTaken == index);
            if (due.Count == 0 && ways.Count > 0)
                continue;
            var stop = Advance(due, line, index, wordCount, abbreviations, ways);
            if (ways.Count == 0)
                failure = stop;
        }
        return ways;
    }

    /// <summary>Moves ways over the word at an index and adds where they arrive; fails if none can take the word.</summary>
    private static Failure? Advance(
        List<Way> due, InputLine line, int index, int wordCount, bool abbreviations, List<Way> arrivals)
    {
        var word = line.Words[index];
        if (!word.Quoted)
        {
            var exact = KeywordSteps(due, text => text.Equals(word.Text, StringComparison.OrdinalIgnoreCase));
            if (Arrive(exact, arrivals))
                return null;
            var prefixed = abbreviations
                ? KeywordSteps(due, text => text.StartsWith(word.Text, StringComparison.OrdinalIgnoreCase))
                : [];
            var keywords = prefixed.Select(way => ((KeywordNode)way.Node).Text).Distinct().Order(StringComparer.Ordinal).ToList();
            if (keywords.Count > 1)
                return Failure.Ambiguous(word.Column, keywords);
            if (Arrive(prefixed, arrivals))
                return null;
        }
        return AdvanceOverValue(due, line, index, wordCount, arrivals);
    }

    private static List<Way> KeywordSteps(List<Way> due, Func<string, bool> matches) =>
        [.. from way in due
            from keyword in way.Node.Next.OfType<KeywordNode>()
            where matches(keyword.Text)
            select way.Step(keyword, words: 1, value: null)];

    /// <summary>
    /// Takes a value of one word or several. A value that reaches into words behind those to be walked is still being
    /// typed and is taken unread.
    /// </summary>
    private static Failure? AdvanceOverValue(List<Way> due, InputLine line, int index, int wordCount, List<Way> arrivals)
    {
        var column = line.Words[index].Column;
        string[] rest = [.. line.Words.Skip(index).Select(word => word.Text)];
        var steps = new List<Way>();
        Failure? reason = null;
        foreach (var way in due)
        {
            foreach (var node in way.Node.Next.OfType<ParameterNode>())
            {
                var count = node.Type.WordCount(rest);
                if (count > rest.Length)
                {
                    reason ??= Failure.Incomplete(line.WordsEnd);
                    continue;
                }
                var isInProgress = index + count > wordCount;
                var parsed = isInProgress ? Parsed.No : Read(node.Type, line, index, count);
                if (isInProgress || parsed.Value is not null)
                    steps.Add(way.Step(node, count, parsed.Value));
                else if (parsed.Error is not null)
                    reason ??= Failure.Invalid(column, parsed.Error);
            }
        }
        return Arrive(steps, arrivals) ? null : reason ?? Failure.Invalid(column);
    }

    private static Parsed Read(ParameterType type, InputLine line, int index, int count)
    {
        var asTyped = count > 1 || type.TakesRestOfLine;
        return type.Parse(asTyped ? line.Slice(index, index + count - 1) : line.Words[index].Text);
    }

    /// <summary>
    /// Adds ways, but only the first of those that arrive at one node: what follows is the same for all of them, and
    /// without this a repeated group could double the ways at every word.
    /// </summary>
    private static bool Arrive(List<Way> steps, List<Way> arrivals)
    {
        var seen = new HashSet<(Node, int)>();
        arrivals.AddRange(steps.Where(way => seen.Add((way.Node, way.WordsTaken))));
        return steps.Count > 0;
    }
}

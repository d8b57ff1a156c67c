namespace VSwitch.Commands;

/// <summary>What may stand where the user is typing, as one mode sees it.</summary>
/// <param name="Next">Keywords and values that fit what is typed of the word so far.</param>
/// <param name="InProgress">Values of several words of which the word is a part.</param>
/// <param name="CanEnd">True if the line is a whole command without the word, and nothing of the word is typed.</param>
/// <param name="Failure">Why the words before are not understood; null if they are.</param>
internal sealed record Outlook(IReadOnlyList<Node> Next, IReadOnlyList<ParameterNode> InProgress, bool CanEnd, Failure? Failure)
{
    public bool IsEmpty => Next.Count == 0 && InProgress.Count == 0 && !CanEnd;

    /// <param name="matcher">The commands.</param>
    /// <param name="line">The line, whose last word is the one being typed.</param>
    public static Outlook Of(Matcher matcher, InputLine line)
    {
        var ways = matcher.WalkToLastWord(line, out var failure);
        var word = line.Words[^1];
        var before = ways.Where(way => way.WordsTaken == line.Words.Count - 1).ToList();
        return new Outlook(
            [.. before.SelectMany(way => way.Node.Next).Where(node => Fits(node, word))],
            [.. ways.Except(before).Select(way => way.Node).OfType<ParameterNode>()],
            word.Length == 0 && (before.Exists(way => way.Node.IsFinal) || ways.Any(IsTextAlready)),
            failure);
    }

    /// <summary>True for a text to the end of the line, which the word in progress may continue or not.</summary>
    private static bool IsTextAlready(Way way) => way.Node is ParameterNode { IsFinal: true, Type.TakesRestOfLine: true };

    private static bool Fits(Node node, Word word) => node switch
    {
        KeywordNode keyword => !word.Quoted && keyword.Text.StartsWith(word.Text, StringComparison.OrdinalIgnoreCase),
        ParameterNode parameter => word.Length == 0 || CouldBecome(parameter.Type, word.Text),
        _ => false,
    };

    /// <summary>A text that a type refuses with a reason is of its kind, and may only not be finished.</summary>
    private static bool CouldBecome(ParameterType type, string text)
    {
        if (type.TakesRestOfLine || type.WordCount([text]) > 1)
            return true;
        var parsed = type.Parse(text);
        return parsed.Value is not null || parsed.Error is not null;
    }
}

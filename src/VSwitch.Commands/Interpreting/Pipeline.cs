namespace VSwitch.Commands;

/// <summary>Cuts a line at its pipes: <c>show interface brief | include Veth1|Veth2 | count</c> has three segments.</summary>
internal static class Pipeline
{
    /// <summary>
    /// Where each segment starts and ends. The first pipe needs no space before it; the others do, since a pipe inside a
    /// filter's regular expression means "or". Between quotes a pipe is a character like any other.
    /// </summary>
    public static List<(int Start, int End)> Split(string text)
    {
        var segments = new List<(int Start, int End)>();
        var start = 0;
        char? quote = null;
        for (var index = 0; index < text.Length; index++)
        {
            var afterSpace = index == start || char.IsWhiteSpace(text[index - 1]);
            if (quote is null && afterSpace && text[index] is '"' or '\'')
            {
                quote = text[index];
            }
            else if (quote == text[index])
            {
                quote = null;
            }
            else if (quote is null && text[index] == '|' && (segments.Count == 0 || afterSpace))
            {
                segments.Add((start, index));
                start = index + 1;
            }
        }
        segments.Add((start, text.Length));
        return segments;
    }
}

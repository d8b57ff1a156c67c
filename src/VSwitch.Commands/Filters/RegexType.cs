using System.Text.RegularExpressions;

namespace VSwitch.Commands;

/// <summary>
/// A regular expression up to the end of the segment, between double quotes or not; the value is a <see cref="Regex"/>.
/// Matching never backtracks, so its time grows with the text alone and no pattern can hang the server.
/// </summary>
internal sealed class RegexType() : ParameterType("regex", "REGEX", "Regular expression", example: "Veth")
{
    private const int LengthMax = 256;

    private const RegexOptions Safe = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    public static Regex IgnoringCase(Regex pattern) => new(pattern.ToString(), Safe | RegexOptions.IgnoreCase);

    public override bool TakesRestOfLine => true;

    public override Parsed Parse(string text)
    {
        var pattern = text.Length > 1 && text[0] == text[^1] && text[0] is '"' or '\'' ? text[1..^1] : text;
        if (pattern.Length > LengthMax)
            return Parsed.Wrong($"Regular expression is too long, at most {LengthMax} characters");
        try
        {
            return Parsed.As(new Regex(pattern, Safe));
        }
        catch (ArgumentException problem)
        {
            return Parsed.Wrong($"Invalid regular expression ({problem.Message.TrimEnd('.')})");
        }
        catch (NotSupportedException)
        {
            return Parsed.Wrong("Unsupported regular expression (look-around, back reference or too many repetitions)");
        }
    }
}

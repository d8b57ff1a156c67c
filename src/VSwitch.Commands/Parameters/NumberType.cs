using System.Globalization;

namespace VSwitch.Commands;

/// <summary>
/// A whole number out of one or more ranges; the value is an <see cref="int"/>, or a <see cref="long"/> if the greatest
/// allowed number needs it. A notation may name one by its ranges alone: <c>&lt;limit:1-300&gt;</c>.
/// </summary>
public sealed class NumberType : ParameterType
{
    private readonly IReadOnlyList<(long First, long Last)> _ranges;
    private readonly string _error;

    public NumberType(string name, string help, params IReadOnlyList<(long First, long Last)> ranges)
        : base(name, $"<{Text(ranges)}>", help, ranges[0].First.ToString(CultureInfo.InvariantCulture))
    {
        _ranges = ranges;
        _error = $"Invalid number, range is ({Text(ranges)})";
    }

    public override Parsed Parse(string text)
    {
        if (!IsNumber(text))
            return Parsed.No;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            || !_ranges.Any(range => number >= range.First && number <= range.Last))
            return Parsed.Wrong(_error);
        return _ranges.Max(range => range.Last) <= int.MaxValue ? Parsed.As((int)number) : Parsed.As(number);
    }

    /// <summary>The type that a notation such as <c>1-3967,4048-4093</c> describes by itself, or null if it is a name.</summary>
    internal static NumberType? FromNotation(string notation)
    {
        var ranges = new List<(long, long)>();
        foreach (var part in notation.Split(','))
        {
            var ends = part.Split('-');
            if (ends.Length != 2 || !long.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                || !long.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out var last) || first > last)
                return null;
            ranges.Add((first, last));
        }
        return new NumberType(notation, "Number", ranges);
    }

    private static bool IsNumber(string text)
    {
        var digits = text.AsSpan(text.StartsWith('-') ? 1 : 0);
        return digits.Length > 0 && !digits.ContainsAnyExceptInRange('0', '9');
    }

    private static string Text(IReadOnlyList<(long First, long Last)> ranges) =>
        string.Join(',', ranges.Select(range => $"{range.First}-{range.Last}"));
}

using System.Globalization;

namespace VSwitch.Commands;

/// <summary>Numbers and ranges of numbers such as <c>1-10,20</c>; the value is a <see cref="NumberSet"/>.</summary>
public sealed class NumberSetType : ParameterType
{
    private readonly NumberSet _allowed;
    private readonly string _error;

    public NumberSetType(string name, string help, params IEnumerable<(int First, int Last)> allowed)
        : this(name, help, NumberSet.OfRanges(allowed))
    {
    }

    private NumberSetType(string name, string help, NumberSet allowed)
        : base(name, $"<{allowed}>", help, allowed.First().ToString(CultureInfo.InvariantCulture))
    {
        _allowed = allowed;
        _error = $"Invalid number, range is ({allowed})";
    }

    public override Parsed Parse(string text)
    {
        if (!text.All(c => c is ',' or '-' || char.IsAsciiDigit(c)))
            return Parsed.No;
        if (!NumberSet.TryParse(text, out var numbers))
            return Parsed.Wrong("Invalid range");
        return numbers.Except(_allowed).IsEmpty ? Parsed.As(numbers) : Parsed.Wrong(_error);
    }
}

using System.Globalization;
using VSwitch.Commands;
using VSwitch.Policy;

namespace VSwitch.Vsm;

/// <summary>A number that may be given by name, such as a TCP port; the value is an <see cref="int"/>.</summary>
internal sealed class NamedNumberType(string name, string help, NumberNames names, int max)
    : ParameterType(name, $"<0-{max}>|NAME", $"{help} ({string.Join(' ', names.Names)})", names.Names.First())
{
    public override Parsed Parse(string text)
    {
        if (names.TryGetNumber(text, out int named))
            return Parsed.As(named);
        if (text.Length == 0 || !text.All(char.IsAsciiDigit))
            return Parsed.No;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= max
            ? Parsed.As(number)
            : Parsed.Wrong($"Invalid number, range is (0-{max})");
    }
}

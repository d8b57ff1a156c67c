namespace VSwitch.Commands;

/// <summary>
/// The name of one interface in any form that <see cref="InterfaceName.TryParse"/> reads, as one word or two
/// (<c>Veth 5</c>); the value is an <see cref="InterfaceName"/>.
/// </summary>
public sealed class InterfaceType : ParameterType
{
    private readonly InterfaceKind[] _kinds;

    /// <param name="name">The name in the notation.</param>
    /// <param name="help">What the interface is for.</param>
    /// <param name="kinds">The kinds that are allowed; none means all.</param>
    public InterfaceType(string name, string help, params InterfaceKind[] kinds)
        : base(name, "INTERFACE", help, kinds is [InterfaceKind.Ethernet] ? "Ethernet3/2" : "Vethernet5") => _kinds = kinds;

    public override int WordCount(ReadOnlySpan<string> words) => IsKindAlone(words[0]) ? 2 : 1;

    public override Parsed Parse(string text)
    {
        if (!InterfaceName.TryParseKind(text.AsSpan(0, InterfaceName.LetterCount(text)), out _))
            return Parsed.No;
        return InterfaceName.TryParse(text, out var name) && (_kinds.Length == 0 || _kinds.Contains(name.Kind))
            ? Parsed.As(name)
            : Parsed.Wrong("Invalid interface format");
    }

    /// <summary>True for a kind with its number still to come, as in <c>Veth 5</c>.</summary>
    internal static bool IsKindAlone(string word) =>
        InterfaceName.LetterCount(word) == word.Length && InterfaceName.TryParseKind(word, out _);
}

/// <summary>
/// Interfaces and ranges of them, such as <c>Vethernet1-3,Ethernet3/2-4</c> or <c>veth 1-3, eth 3/2</c>; the value is an
/// <see cref="IReadOnlyList{T}"/> of <see cref="InterfaceName"/> in the order typed, each once.
/// </summary>
public sealed class InterfaceListType(string name, string help) : ParameterType(name, "INTERFACE-LIST", help, "Vethernet1-3")
{
    /// <summary>More interfaces than one command may name: a range is expanded before anyone checks that they exist.</summary>
    private const int CountMax = 4096;

    /// <summary>A kind takes its number along, and a comma at the end of a word the next interface.</summary>
    public override int WordCount(ReadOnlySpan<string> words)
    {
        var count = 0;
        do
        {
            if (count == words.Length)
                return count + 1;
            count += InterfaceType.IsKindAlone(words[count]) ? 2 : 1;
        }
        while (count <= words.Length && words[count - 1].EndsWith(','));
        return count;
    }

    public override Parsed Parse(string text)
    {
        if (!InterfaceName.TryParseKind(text.AsSpan(0, InterfaceName.LetterCount(text)), out _))
            return Parsed.No;
        var names = new List<InterfaceName>();
        foreach (var part in text.Split(','))
        {
            if (!TryParseRange(part.Trim(), out var first, out var last))
                return Parsed.Wrong("Invalid interface format");
            if (last - first.Number >= CountMax - names.Count)
                return Parsed.Wrong($"Too many interfaces, at most {CountMax}");
            for (var number = first.Number; number <= last; number++)
                names.Add(first with { Number = number });
        }
        return Parsed.As((IReadOnlyList<InterfaceName>)[.. names.Distinct()]);
    }

    private static bool TryParseRange(string text, out InterfaceName first, out int last)
    {
        var dash = text.LastIndexOf('-');
        if (dash >= InterfaceName.LetterCount(text))
        {
            last = 0;
            return InterfaceName.TryParse(text[..dash], out first)
                   && InterfaceName.TryParseNumber(text.AsSpan(dash + 1), out last) && first.Number <= last;
        }
        var parsed = InterfaceName.TryParse(text, out first);
        last = first.Number;
        return parsed;
    }
}

namespace VSwitch.Commands;

/// <summary>
/// One word, such as the name of a port profile; the value is a <see cref="string"/>. A name is made of the characters that
/// can be written without quotes in every place: letters, digits and <c>-_.:@/+</c> and the like, but no space, quote,
/// pipe or question mark.
/// </summary>
public sealed class WordType : ParameterType
{
    private const string Forbidden = "\"'|?<>!\\";
    private readonly int _lengthMax;

    /// <param name="name">The name in the notation.</param>
    /// <param name="help">What the word is; the greatest length is added.</param>
    /// <param name="lengthMax">The greatest length in characters.</param>
    /// <param name="example">A word for sample lines.</param>
    public WordType(string name, string help, int lengthMax = 80, string example = "web")
        : base(name, "WORD", $"{help} (Max Size {lengthMax})", example) => _lengthMax = lengthMax;

    public override Parsed Parse(string text)
    {
        if (text.Length > _lengthMax)
            return Parsed.Wrong($"Name is too long, at most {_lengthMax} characters");
        var plain = text.Length > 0 && !text.Any(c => c <= ' ' || char.IsControl(c) || char.IsWhiteSpace(c)
                                                     || Forbidden.Contains(c, StringComparison.Ordinal));
        return plain ? Parsed.As(text) : Parsed.Wrong("Invalid character in name");
    }
}

namespace VSwitch.Commands;

/// <summary>Everything up to the end of the line, as it was typed; the value is a <see cref="string"/>.</summary>
public sealed class LineType : ParameterType
{
    private readonly int _lengthMax;

    public LineType(string name, string help, int lengthMax = 254, string example = "text up to the end")
        : base(name, "LINE", $"{help} (Max Size {lengthMax})", example) => _lengthMax = lengthMax;

    public override bool TakesRestOfLine => true;

    public override Parsed Parse(string text)
    {
        if (text.Length > _lengthMax)
            return Parsed.Wrong($"Text is too long, at most {_lengthMax} characters");
        return text.Any(char.IsControl) ? Parsed.Wrong("Control character in text") : Parsed.As(text);
    }
}

/// <summary>One word, or several between double quotes, which are not part of the value; a <see cref="string"/>.</summary>
public sealed class StringType : ParameterType
{
    private readonly int _lengthMax;

    public StringType(string name, string help, int lengthMax = 254, string example = "\"two words\"")
        : base(name, "WORD|\"TEXT\"", $"{help} (Max Size {lengthMax})", example) => _lengthMax = lengthMax;

    public override Parsed Parse(string text)
    {
        if (text.Length > _lengthMax)
            return Parsed.Wrong($"Text is too long, at most {_lengthMax} characters");
        return text.Any(char.IsControl) ? Parsed.Wrong("Control character in text") : Parsed.As(text);
    }
}

namespace VSwitch.Commands;

/// <summary>
/// What a <see cref="ParameterType"/> made of a text: a value, or not, and then perhaps a reason to show. No reason means
/// that the text is no such thing at all (a word where a number belongs), which reads as <c>Invalid command</c>.
/// </summary>
public readonly record struct Parsed
{
    private Parsed(object? value, string? error)
    {
        Value = value;
        Error = error;
    }

    /// <summary>The value, never null if the text was taken.</summary>
    public object? Value { get; }

    /// <summary>Why the text was not taken, as a sentence without its end: <c>Invalid number, range is (1-4094)</c>.</summary>
    public string? Error { get; }

    public static Parsed No => default;

    public static Parsed As(object value) => new(value, null);

    public static Parsed Wrong(string error) => new(null, error);
}

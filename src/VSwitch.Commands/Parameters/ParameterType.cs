namespace VSwitch.Commands;

/// <summary>
/// A kind of value that a command takes, such as <c>vlan-id</c> in <c>vlan &lt;vlan:vlan-id&gt;</c>. A supervisor adds
/// its own kinds by deriving from this class.
/// </summary>
public abstract class ParameterType
{
    /// <param name="name">The name in the notation: <c>vlan-id</c>.</param>
    /// <param name="hint">What <c>?</c> shows in its first column: <c>&lt;1-4094&gt;</c>, <c>WORD</c>, <c>A.B.C.D</c>.</param>
    /// <param name="help">What <c>?</c> shows in its second column.</param>
    /// <param name="example">A text that <see cref="Parse"/> takes, for sample lines in tests.</param>
    protected ParameterType(string name, string hint, string help, string example)
    {
        Name = name;
        Hint = hint;
        Help = help;
        Example = example;
    }

    public string Name { get; }

    public string Hint { get; }

    public string Help { get; }

    public string Example { get; }

    /// <summary>True if the value is everything up to the end of the line, so that nothing can follow it.</summary>
    public virtual bool TakesRestOfLine => false;

    /// <summary>
    /// How many words the value takes, the first of <paramref name="words"/> (never empty) included. An answer beyond
    /// what there is means that more must be typed.
    /// </summary>
    public virtual int WordCount(ReadOnlySpan<string> words) => TakesRestOfLine ? words.Length : 1;

    /// <summary>
    /// Makes a value of a text. The text is one word without its quotes, or, if the value takes several words, the line as
    /// it was typed between the start of the first and the end of the last.
    /// </summary>
    public abstract Parsed Parse(string text);
}

namespace VSwitch.Fuzz;

/// <summary>One parser under fuzz.</summary>
public interface IFuzzTarget
{
    /// <summary>As typed on the command line: lower case, words joined by hyphens.</summary>
    string Name { get; }

    /// <summary>Inputs to mutate, at least one of which the parser accepts.</summary>
    IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>Parses any bytes at all. Throwing anything is a failure.</summary>
    void Run(ReadOnlySpan<byte> input);
}

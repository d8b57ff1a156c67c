namespace VSwitch.Commands;

public enum Alignment
{
    Left,
    Right,
}

/// <summary>What happens to a text that is wider than its column.</summary>
public enum Overflow
{
    /// <summary>It pushes what stands to its right further right.</summary>
    Push,

    /// <summary>It is cut off.</summary>
    Cut,

    /// <summary>It continues in the same column one line below, broken at spaces.</summary>
    Wrap,
}

/// <summary>A column of a <see cref="Table"/>.</summary>
/// <param name="Title">The title; line feeds part the lines of a title of several.</param>
/// <param name="Width">The width in characters.</param>
public sealed record Column(string Title, int Width)
{
    public Alignment Align { get; init; }

    public Overflow Overflow { get; init; }

    /// <summary>Spaces between this column and the next.</summary>
    public int Gap { get; init; } = 1;

    /// <summary>The line of the row in which the column stands, from 0: a row may take several lines.</summary>
    public int Line { get; init; }

    /// <summary>True if a text that repeats the one above it is left out; JSON keeps it.</summary>
    public bool HideRepeats { get; init; }

    /// <summary>The property in JSON.</summary>
    public string Name { get; init; } = JsonName.Of(Title);
}

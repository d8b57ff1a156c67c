namespace VSwitch.Cli.Terminal;

/// <summary>How the user left a line.</summary>
internal enum EntryKind
{
    /// <summary>With Enter.</summary>
    Entered,

    /// <summary>With Ctrl-Z: the line counts, and then comes <c>end</c>.</summary>
    Finished,

    /// <summary>With Ctrl-C: the line counts for nothing.</summary>
    Cancelled,

    /// <summary>With Ctrl-D, or the terminal is gone.</summary>
    Left,
}

/// <summary>A line and how it was left.</summary>
internal readonly record struct Entry(EntryKind Kind, string Text);

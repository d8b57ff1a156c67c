namespace VSwitch.Cli.Terminal;

/// <summary>A terminal with somebody in front of it.</summary>
internal interface ITerminal
{
    /// <summary>Characters per row; at least 1.</summary>
    int Width { get; }

    /// <summary>Rows; at least 1.</summary>
    int Height { get; }

    /// <summary>Waits for the next key. It is not echoed.</summary>
    Key ReadKey();

    /// <summary>Writes text and escape sequences at once. A line feed goes to the start of the next row.</summary>
    void Write(string text);

    /// <summary>
    /// From now until the result is disposed, Ctrl-C calls <paramref name="interrupt"/>, on any thread, instead of waiting to be read.
    /// </summary>
    IDisposable OnInterrupt(Action interrupt);
}

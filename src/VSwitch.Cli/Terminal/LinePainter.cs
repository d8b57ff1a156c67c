using System.Text;

namespace VSwitch.Cli.Terminal;

/// <summary>
/// Keeps a prompt and the line behind it on the screen, over as many rows as they take. It remembers what it painted: a character
/// typed at the end, which is nearly every key, is all that is written then.
/// </summary>
internal sealed class LinePainter(ITerminal terminal)
{
    private string _painted = "";
    private int _cursor;
    private bool _isOnScreen;

    /// <param name="prompt">One row or less.</param>
    /// <param name="text">The line.</param>
    /// <param name="cursor">The index in the line where the cursor goes.</param>
    public void Paint(string prompt, string text, int cursor)
    {
        string all = prompt + text;
        cursor += prompt.Length;
        terminal.Write(IsAppended(all, cursor) ? all[_painted.Length..] : Repaint(all, cursor));
        (_painted, _cursor, _isOnScreen) = (all, cursor, true);
    }

    /// <summary>Leaves what was painted where it is; the cursor goes to the row below.</summary>
    public void Leave()
    {
        var text = new StringBuilder();
        MoveDown(text, (_painted.Length / terminal.Width) - (_cursor / terminal.Width));
        bool isBelow = _painted.Length > 0 && _painted.Length % terminal.Width == 0;
        terminal.Write(text.Append(isBelow ? "\r" : "\r\n").ToString());
        Forget();
    }

    public void ClearScreen()
    {
        terminal.Write("\e[H\e[2J");
        Forget();
    }

    private void Forget() => (_painted, _cursor, _isOnScreen) = ("", 0, false);

    // At the right edge terminals hold the cursor back; the long way makes sure of the row.
    private bool IsAppended(string all, int cursor) =>
        _isOnScreen && _cursor == _painted.Length && cursor == all.Length && all.StartsWith(_painted, StringComparison.Ordinal)
        && all.Length / terminal.Width == _painted.Length / terminal.Width;

    private string Repaint(string all, int cursor)
    {
        int width = terminal.Width;
        var text = new StringBuilder();
        MoveUp(text, _cursor / width);
        text.Append("\r\e[J").Append(all);
        if (all.Length > 0 && all.Length % width == 0)
            text.Append("\r\n");
        MoveUp(text, (all.Length / width) - (cursor / width));
        text.Append('\r');
        if (cursor % width > 0)
            text.Append("\e[").Append(cursor % width).Append('C');
        return text.ToString();
    }

    private static void MoveUp(StringBuilder text, int rows)
    {
        if (rows > 0)
            text.Append("\e[").Append(rows).Append('A');
    }

    private static void MoveDown(StringBuilder text, int rows)
    {
        if (rows > 0)
            text.Append("\e[").Append(rows).Append('B');
    }
}

using System.Text;

namespace VSwitch.Cli.Terminal;

/// <summary>
/// A line being typed: its text and where the cursor stands in it. A character outside the basic plane is never cut in half.
/// </summary>
internal sealed class EditLine
{
    /// <summary>More than a server takes.</summary>
    private const int LengthMax = 8192;

    public string Text { get; private set; } = "";

    /// <summary>The index in <see cref="Text"/> before which the next character goes.</summary>
    public int Cursor { get; private set; }

    public string BeforeCursor => Text[..Cursor];

    public string AfterCursor => Text[Cursor..];

    /// <summary>Replaces all of the line; the cursor goes to its end.</summary>
    public void Set(string text) => (Text, Cursor) = (text, text.Length);

    /// <summary>Replaces what is before the cursor.</summary>
    public void SetBeforeCursor(string text) => (Text, Cursor) = (text + AfterCursor, text.Length);

    /// <summary>Does what a key asks for if that is a matter of this line alone.</summary>
    /// <returns>False if the key asks for something else.</returns>
    public bool Apply(Key key)
    {
        switch (key.Code)
        {
            case KeyCode.Character:
                Insert(key.Rune);
                return true;
            case KeyCode.Backspace:
                Erase(Previous(Cursor), Cursor);
                return true;
            case KeyCode.Delete or KeyCode.DeleteOrLeave:
                Erase(Cursor, Next(Cursor));
                return true;
            case KeyCode.EraseWord:
                Erase(WordStart(), Cursor);
                return true;
            case KeyCode.EraseToStart:
                Erase(0, Cursor);
                return true;
            case KeyCode.EraseToEnd:
                Erase(Cursor, Text.Length);
                return true;
            default:
                return Move(key.Code);
        }
    }

    private bool Move(KeyCode code)
    {
        int? cursor = code switch
        {
            KeyCode.Left => Previous(Cursor),
            KeyCode.Right => Next(Cursor),
            KeyCode.WordLeft => WordStart(),
            KeyCode.WordRight => WordEnd(),
            KeyCode.Home => 0,
            KeyCode.End => Text.Length,
            _ => null,
        };
        Cursor = cursor ?? Cursor;
        return cursor is not null;
    }

    private void Insert(Rune rune)
    {
        string text = rune.ToString();
        if (Text.Length + text.Length <= LengthMax)
            (Text, Cursor) = (Text.Insert(Cursor, text), Cursor + text.Length);
    }

    private void Erase(int start, int end) => (Text, Cursor) = (Text.Remove(start, end - start), start);

    private int Previous(int index) => index > 1 && char.IsLowSurrogate(Text[index - 1]) ? index - 2 : Math.Max(index - 1, 0);

    private int Next(int index) =>
        index < Text.Length && char.IsHighSurrogate(Text[index]) ? index + 2 : Math.Min(index + 1, Text.Length);

    private int WordStart()
    {
        int index = Cursor;
        while (index > 0 && Text[index - 1] == ' ')
            index--;
        while (index > 0 && Text[index - 1] != ' ')
            index--;
        return index;
    }

    private int WordEnd()
    {
        int index = Cursor;
        while (index < Text.Length && Text[index] == ' ')
            index++;
        while (index < Text.Length && Text[index] != ' ')
            index++;
        return index;
    }
}

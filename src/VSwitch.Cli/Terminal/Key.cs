using System.Text;

namespace VSwitch.Cli.Terminal;

/// <summary>What a key asks for. Several keys may ask for the same: Ctrl-A and Home.</summary>
internal enum KeyCode
{
    /// <summary>Puts <see cref="Key.Rune"/> into the line.</summary>
    Character,
    Enter,
    Help,
    Complete,
    Backspace,

    /// <summary>Ctrl-D: deletes to the right, or leaves if the line is empty.</summary>
    DeleteOrLeave,
    Delete,
    Left,
    Right,
    WordLeft,
    WordRight,
    Home,
    End,
    Up,
    Down,
    EraseToEnd,
    EraseToStart,
    EraseWord,

    /// <summary>Ctrl-C.</summary>
    Cancel,

    /// <summary>Ctrl-Z: back to EXEC mode.</summary>
    Finish,

    /// <summary>Ctrl-L.</summary>
    ClearScreen,

    /// <summary>The terminal is gone.</summary>
    HangUp,
}

/// <summary>A key as the line editor and the pager take it.</summary>
internal readonly record struct Key(KeyCode Code, Rune Rune = default)
{
    public static Key Of(char character) => new(KeyCode.Character, new Rune(character));
}

using System.Text;

namespace VSwitch.Cli.Terminal;

/// <summary>
/// Makes keys of the bytes that a terminal sends: UTF-8, control characters, and the escape sequences of ECMA-48 as xterm and its
/// descendants send them.
///
/// Text that is pasted comes between two marks of its own (xterm's bracketed paste). A question mark or a tabulator in it is text, not
/// a wish; the end of a line still enters the line, so a whole configuration can be pasted.
/// </summary>
/// <param name="nextByte">Waits for the next byte; -1 when no more come.</param>
internal sealed class KeyDecoder(Func<int> nextByte)
{
    private const int Escape = 0x1b;
    private const int PasteStart = 200;
    private const int PasteEnd = 201;

    private bool _pasting;

    public Key Read()
    {
        while (true)
        {
            if (Decode(nextByte()) is { } key)
                return key;
        }
    }

    /// <returns>Null for what means nothing here.</returns>
    private Key? Decode(int first)
    {
        switch (first)
        {
            case < 0:
                return new Key(KeyCode.HangUp);
            case Escape:
                return DecodeEscape();
            case '\t' when _pasting:
                return Key.Of(' ');
            case >= ' ' and not 0x7f:
                return first == '?' && !_pasting ? new Key(KeyCode.Help) : DecodeCharacter(first);
            case Control.V:
                return nextByte() is >= ' ' and not 0x7f and var literal ? DecodeCharacter(literal) : null;
            default:
                return DecodeControl(first);
        }
    }

    private static Key? DecodeControl(int control) => control switch
    {
        '\r' or '\n' => new Key(KeyCode.Enter),
        '\t' => new Key(KeyCode.Complete),
        0x7f or Control.H => new Key(KeyCode.Backspace),
        Control.A => new Key(KeyCode.Home),
        Control.B => new Key(KeyCode.Left),
        Control.C => new Key(KeyCode.Cancel),
        Control.D => new Key(KeyCode.DeleteOrLeave),
        Control.E => new Key(KeyCode.End),
        Control.F => new Key(KeyCode.Right),
        Control.K => new Key(KeyCode.EraseToEnd),
        Control.L => new Key(KeyCode.ClearScreen),
        Control.N => new Key(KeyCode.Down),
        Control.P => new Key(KeyCode.Up),
        Control.U => new Key(KeyCode.EraseToStart),
        Control.W => new Key(KeyCode.EraseWord),
        Control.Z => new Key(KeyCode.Finish),
        _ => null,
    };

    private Key? DecodeEscape() => nextByte() switch
    {
        < 0 => new Key(KeyCode.HangUp),
        '[' => DecodeSequence(),
        'O' => DecodeFinal(nextByte(), modified: false),
        'b' => new Key(KeyCode.WordLeft),
        'f' => new Key(KeyCode.WordRight),
        0x7f => new Key(KeyCode.EraseWord),
        _ => null,
    };

    // ESC [ parameters final, where parameters are numbers with semicolons between and final is a byte from @ to ~.
    private Key? DecodeSequence()
    {
        var parameters = new List<int> { 0 };
        while (true)
        {
            switch (nextByte())
            {
                case < 0:
                    return new Key(KeyCode.HangUp);
                case >= '0' and <= '9' and var digit:
                    parameters[^1] = Math.Min((parameters[^1] * 10) + digit - '0', short.MaxValue);
                    break;
                case ';' when parameters.Count < 8:
                    parameters.Add(0);
                    break;
                case '~':
                    return DecodeNumbered(parameters[0]);
                case >= '@' and var final:
                    return DecodeFinal(final, modified: parameters.Count > 1);
            }
        }
    }

    private Key? DecodeNumbered(int number)
    {
        if (number is PasteStart or PasteEnd)
            _pasting = number == PasteStart;
        return number switch
        {
            1 or 7 => new Key(KeyCode.Home),
            4 or 8 => new Key(KeyCode.End),
            3 => new Key(KeyCode.Delete),
            _ => null,
        };
    }

    private static Key? DecodeFinal(int final, bool modified) => final switch
    {
        'A' => new Key(KeyCode.Up),
        'B' => new Key(KeyCode.Down),
        'C' => new Key(modified ? KeyCode.WordRight : KeyCode.Right),
        'D' => new Key(modified ? KeyCode.WordLeft : KeyCode.Left),
        'H' => new Key(KeyCode.Home),
        'F' => new Key(KeyCode.End),
        < 0 => new Key(KeyCode.HangUp),
        _ => null,
    };

    private Key? DecodeCharacter(int first)
    {
        Span<byte> bytes = stackalloc byte[4];
        int length = first switch { >= 0xf0 => 4, >= 0xe0 => 3, >= 0xc0 => 2, _ => 1 };
        bytes[0] = (byte)first;
        for (int i = 1; i < length; i++)
            bytes[i] = (byte)nextByte();
        bool valid = Rune.DecodeFromUtf8(bytes[..length], out Rune rune, out _) == System.Buffers.OperationStatus.Done;
        return valid ? new Key(KeyCode.Character, rune) : null;
    }

    /// <summary>Ctrl with a letter clears all but the letter's five lowest bits.</summary>
    private static class Control
    {
        public const int A = 'A' & 0x1f;
        public const int B = 'B' & 0x1f;
        public const int C = 'C' & 0x1f;
        public const int D = 'D' & 0x1f;
        public const int E = 'E' & 0x1f;
        public const int F = 'F' & 0x1f;
        public const int H = 'H' & 0x1f;
        public const int K = 'K' & 0x1f;
        public const int L = 'L' & 0x1f;
        public const int N = 'N' & 0x1f;
        public const int P = 'P' & 0x1f;
        public const int U = 'U' & 0x1f;
        public const int V = 'V' & 0x1f;
        public const int W = 'W' & 0x1f;
        public const int Z = 'Z' & 0x1f;
    }
}

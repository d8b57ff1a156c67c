using System.Text;
using VSwitch.Cli.Terminal;

namespace VSwitch.Cli.Tests.Fakes;

/// <summary>
/// A terminal whose keys are bytes given beforehand, decoded as the real one's are, and whose screen can be read: a grid that
/// understands the few escape sequences that the product writes. When the bytes are used up it hangs up.
/// </summary>
internal sealed class FakeTerminal(string keys, int width = 80, int height = 24) : ITerminal
{
    private readonly Queue<byte> _bytes = new(Encoding.UTF8.GetBytes(keys));
    private readonly List<StringBuilder> _rows = [new()];
    private KeyDecoder? _decoder;
    private int _row;
    private int _column;

    public int Width => width;

    public int Height => height;

    /// <summary>All that was written.</summary>
    public StringBuilder Written { get; } = new();

    /// <summary>The rows, without blanks at their ends, and without blank rows at the end.</summary>
    public string Screen => string.Join('\n', _rows.Select(row => row.ToString().TrimEnd())).TrimEnd('\n');

    public Key ReadKey() => (_decoder ??= new KeyDecoder(() => _bytes.TryDequeue(out byte next) ? next : -1)).Read();

    public IDisposable OnInterrupt(Action interrupt) => new MemoryStream();

    public void Write(string text)
    {
        Written.Append(text);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\e')
                i = Obey(text, i + 2);
            else
                Put(text[i]);
        }
    }

    private void Put(char character)
    {
        switch (character)
        {
            case '\r':
                _column = 0;
                break;
            case '\n':
                (_row, _column) = (_row + 1, 0);
                break;
            case '\a':
                break;
            default:
                // As terminals do: the cursor stays at the right edge until there is more to write.
                if (_column == width)
                    (_row, _column) = (_row + 1, 0);
                Row(_row).Length = Math.Max(Row(_row).Length, _column + 1);
                Row(_row)[_column++] = character;
                break;
        }
    }

    private int Obey(string text, int index)
    {
        int start = index;
        while (!char.IsLetter(text[index]))
            index++;
        int number = int.TryParse(text.AsSpan(start, index - start), out int parsed) ? parsed : 0;
        switch (text[index])
        {
            case 'A':
                _row = Math.Max(_row - number, 0);
                break;
            case 'B':
                _row += number;
                break;
            case 'C':
                _column += number;
                break;
            case 'K' or 'J':
                Row(_row).Length = Math.Min(Row(_row).Length, _column);
                if (text[index] == 'J' && number == 0)
                    _rows.RemoveRange(_row + 1, _rows.Count - _row - 1);
                if (text[index] == 'J' && number == 2)
                    _rows.ForEach(row => row.Clear());
                break;
            case 'H':
                (_row, _column) = (0, 0);
                break;
        }

        return index;
    }

    private StringBuilder Row(int index)
    {
        while (_rows.Count <= index)
            _rows.Add(new StringBuilder());
        return _rows[index];
    }
}

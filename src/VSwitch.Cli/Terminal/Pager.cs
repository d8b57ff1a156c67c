namespace VSwitch.Cli.Terminal;

/// <summary>Writes text screen by screen: space shows the next screen, Enter the next line, <c>q</c> leaves the rest out.</summary>
internal sealed class Pager(ITerminal terminal)
{
    private const string More = "\e[7m--More--\e[0m";
    private const string EraseMore = "\r\e[K";

    /// <summary>Rows per screen; 0 never to stop; null for the height of the window.</summary>
    public int? Length { get; set; }

    /// <param name="text">Lines, each ended by a line feed.</param>
    /// <param name="stops">False to write all of it at once.</param>
    public void Write(string text, bool stops = true)
    {
        int length = Length ?? terminal.Height;
        if (!stops || length == 0)
        {
            terminal.Write(text);
            return;
        }

        // One row is for the pager's own question.
        int roomMax = Math.Max(length - 1, 1);
        int room = roomMax;
        foreach (string line in text.Split('\n').SkipLast(1))
        {
            int rows = RowsOf(line);
            if (rows > room)
            {
                switch (Ask())
                {
                    case Answer.Screen:
                        room = roomMax;
                        break;
                    case Answer.Line:
                        room = rows;
                        break;
                    default:
                        return;
                }
            }

            terminal.Write(line + "\n");
            room -= rows;
        }
    }

    private enum Answer
    {
        Screen,
        Line,
        Enough,
    }

    private Answer Ask()
    {
        terminal.Write(More);
        Answer? answer = null;
        while (answer is null)
        {
            Key key = terminal.ReadKey();
            answer = key.Code switch
            {
                KeyCode.Enter or KeyCode.Down => Answer.Line,
                KeyCode.Cancel or KeyCode.Finish or KeyCode.DeleteOrLeave or KeyCode.HangUp => Answer.Enough,
                KeyCode.Character when key.Rune.Value is ' ' => Answer.Screen,
                KeyCode.Character when key.Rune.Value is 'q' or 'Q' => Answer.Enough,
                _ => null,
            };
        }

        terminal.Write(EraseMore);
        return answer.Value;
    }

    private int RowsOf(string line) => Math.Max((line.Length + terminal.Width - 1) / terminal.Width, 1);
}

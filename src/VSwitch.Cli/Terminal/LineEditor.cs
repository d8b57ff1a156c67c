namespace VSwitch.Cli.Terminal;

/// <summary>
/// Lets the user type a line: keys edit it, <c>?</c> explains at once what may follow and then shows the line again, the tabulator
/// completes, up and down bring back earlier lines.
/// </summary>
internal sealed class LineEditor(ITerminal terminal, Pager pager, ILineAssistant assistant)
{
    private readonly History _history = new();
    private readonly LinePainter _painter = new(terminal);

    public async Task<Entry> ReadLineAsync(string prompt)
    {
        var line = new EditLine();
        while (true)
        {
            _painter.Paint(prompt, line.Text, line.Cursor);
            Key key = terminal.ReadKey();
            switch (key.Code)
            {
                case KeyCode.Enter:
                    return Leave(EntryKind.Entered, line.Text);
                case KeyCode.Finish:
                    Mark(prompt, line, "^Z");
                    return Leave(EntryKind.Finished, line.Text);
                case KeyCode.Cancel:
                    Mark(prompt, line, "^C");
                    return Leave(EntryKind.Cancelled, "");
                case KeyCode.HangUp:
                case KeyCode.DeleteOrLeave when line.Text.Length == 0:
                    return Leave(EntryKind.Left, "");
                case KeyCode.Up when _history.Older(line.Text) is { } older:
                    line.Set(older);
                    break;
                case KeyCode.Down when _history.Newer() is { } newer:
                    line.Set(newer);
                    break;
                case KeyCode.Help:
                    await HelpAsync(prompt, line);
                    break;
                case KeyCode.Complete:
                    await CompleteAsync(line);
                    break;
                case KeyCode.ClearScreen:
                    _painter.ClearScreen();
                    break;
                default:
                    line.Apply(key);
                    break;
            }
        }
    }

    private Entry Leave(EntryKind kind, string text)
    {
        _painter.Leave();
        _history.Add(text);
        return new Entry(kind, text);
    }

    /// <summary>Shows at the end of the line which key left it.</summary>
    private void Mark(string prompt, EditLine line, string mark)
    {
        string marked = line.Text + mark;
        _painter.Paint(prompt, marked, marked.Length);
    }

    private async Task HelpAsync(string prompt, EditLine line)
    {
        string asked = line.BeforeCursor;
        _painter.Paint(prompt, asked + "?", asked.Length + 1);
        _painter.Leave();
        pager.Write(await assistant.HelpAsync(asked));
    }

    private async Task CompleteAsync(EditLine line)
    {
        string typed = line.BeforeCursor;
        IReadOnlyList<string> candidates = await assistant.CompleteAsync(typed);
        string extended = candidates.Count > 0 ? Candidates.Extend(typed, candidates) : typed;
        if (candidates.Count == 1)
        {
            line.SetBeforeCursor(line.AfterCursor.StartsWith(' ') ? extended : extended + " ");
        }
        else if (extended != typed)
        {
            line.SetBeforeCursor(extended);
        }
        else if (candidates.Count > 1)
        {
            _painter.Leave();
            pager.Write(Candidates.InColumns(candidates, terminal.Width));
        }
        else
        {
            terminal.Write("\a");
        }
    }
}

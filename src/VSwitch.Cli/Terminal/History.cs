namespace VSwitch.Cli.Terminal;

/// <summary>The lines entered before, and the one being typed at their end while the user looks back.</summary>
internal sealed class History
{
    private const int CountMax = 1000;

    private readonly List<string> _lines = [];
    private string _draft = "";
    private int _index;

    /// <summary>Keeps a line, unless it is blank or the last one again, and goes back to the end.</summary>
    public void Add(string line)
    {
        bool isNews = !string.IsNullOrWhiteSpace(line) && (_lines.Count == 0 || _lines[^1] != line);
        if (isNews && _lines.Count == CountMax)
            _lines.RemoveAt(0);
        if (isNews)
            _lines.Add(line);
        (_index, _draft) = (_lines.Count, "");
    }

    /// <summary>The line before; null at the first.</summary>
    /// <param name="current">The line being typed, which is found again at the end.</param>
    public string? Older(string current)
    {
        if (_index == _lines.Count)
            _draft = current;
        return _index > 0 ? _lines[--_index] : null;
    }

    /// <summary>The line after; null at the end.</summary>
    public string? Newer()
    {
        if (_index == _lines.Count)
            return null;
        return ++_index == _lines.Count ? _draft : _lines[_index];
    }
}

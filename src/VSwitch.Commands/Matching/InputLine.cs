namespace VSwitch.Commands;

/// <summary>A word of a typed line.</summary>
/// <param name="Text">The word without its quotes.</param>
/// <param name="Column">Where it starts in the line, from 0.</param>
/// <param name="Length">The characters it takes in the line, quotes included.</param>
/// <param name="Quoted">True if it was typed between double quotes; such a word is never a keyword.</param>
internal readonly record struct Word(string Text, int Column, int Length, bool Quoted)
{
    public int End => Column + Length;
}

/// <summary>
/// A typed line, or a stretch of one, cut into words. Columns always count from the start of the whole line, so that a
/// caret under a word is right whatever stood before the stretch.
/// </summary>
internal sealed class InputLine
{
    private readonly string _text;
    private readonly List<Word> _words = [];

    private InputLine(string text, int end)
    {
        _text = text;
        End = end;
    }

    /// <summary>The words in order.</summary>
    public IReadOnlyList<Word> Words => _words;

    /// <summary>The column behind the stretch.</summary>
    public int End { get; }

    /// <summary>The column behind the last word, where a caret shows that something is missing.</summary>
    public int WordsEnd => _words.Count > 0 ? _words[^1].End : End;

    public static InputLine Read(string text) => Read(text, 0, text.Length);

    public static InputLine Read(string text, int start, int end)
    {
        var line = new InputLine(text, end);
        var column = start;
        while (true)
        {
            while (column < end && char.IsWhiteSpace(text[column]))
                column++;
            if (column == end)
                return line;
            var word = text[column] == '"' ? QuotedWord(text, column, end) : PlainWord(text, column, end);
            line._words.Add(word);
            column = word.End;
        }
    }

    /// <summary>
    /// The same words, with an empty one added if the line ends behind a space: the last word is then always the one that
    /// is being typed.
    /// </summary>
    public InputLine WithWordInProgress()
    {
        if (_words.Count > 0 && WordsEnd == End)
            return this;
        var line = new InputLine(_text, End);
        line._words.AddRange(_words);
        line._words.Add(new Word("", End, 0, Quoted: false));
        return line;
    }

    /// <summary>The line from a word on; columns stay.</summary>
    public InputLine From(int index)
    {
        var line = new InputLine(_text, End);
        line._words.AddRange(_words.Skip(index));
        return line;
    }

    /// <summary>The text as typed from the start of one word to the end of another.</summary>
    public string Slice(int first, int last) => _text[_words[first].Column.._words[last].End];

    private static Word PlainWord(string text, int column, int end)
    {
        var stop = column;
        while (stop < end && !char.IsWhiteSpace(text[stop]))
            stop++;
        return new Word(text[column..stop], column, stop - column, Quoted: false);
    }

    private static Word QuotedWord(string text, int column, int end)
    {
        var close = text.IndexOf('"', column + 1, end - column - 1);
        return close < 0
            ? new Word(text[(column + 1)..end], column, end - column, Quoted: true)
            : new Word(text[(column + 1)..close], column, close + 1 - column, Quoted: true);
    }
}

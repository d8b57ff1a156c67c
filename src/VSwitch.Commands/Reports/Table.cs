using System.Collections;
using System.Text;
using System.Text.Json.Nodes;

namespace VSwitch.Commands;

/// <summary>
/// Rows of values under titles. As JSON a table is an array of objects, <c>{"rows":[{"vlan":10,...}]}</c>, with a property
/// per column.
/// </summary>
#pragma warning disable CA1010, CA1710 // It can be enumerated only because a collection initialiser asks for that.
public sealed class Table : Part, IEnumerable
#pragma warning restore CA1010, CA1710
{
    private readonly string _name;
    private readonly TableStyle _style;
    private readonly Column[] _columns;
    private readonly List<Value[]> _rows = [];

    /// <summary>A table that is the only one of its report.</summary>
    public Table(TableStyle style, params IEnumerable<Column> columns)
        : this("rows", style, columns)
    {
    }

    /// <param name="name">The property of the array in JSON.</param>
    /// <param name="style">The lines of dashes.</param>
    /// <param name="columns">The columns from left to right.</param>
    /// <exception cref="ArgumentException">Two columns would have one property in JSON.</exception>
    public Table(string name, TableStyle style, params IEnumerable<Column> columns)
    {
        _name = name;
        _style = style;
        _columns = [.. columns];
        if (_columns.DistinctBy(column => column.Name).Count() != _columns.Length)
            throw new ArgumentException($"Two columns of the table \"{name}\" have one name.", nameof(columns));
    }

    /// <summary>Spaces before every line.</summary>
    public int Indent { get; init; }

    public int RowCount => _rows.Count;

    /// <exception cref="ArgumentException">The values are not as many as the columns.</exception>
    public void Add(params ReadOnlySpan<Value> row)
    {
        if (row.Length != _columns.Length)
            throw new ArgumentException($"A row has {row.Length} values for {_columns.Length} columns.", nameof(row));
        _rows.Add(row.ToArray());
    }

    public override void WriteJson(JsonObject report) => report.Add(_name, new JsonArray([.. _rows.Select(RowToJson)]));

    public override void WriteText(IList<string> lines)
    {
        var rule = Rule();
        if (_style.Rule == TableRule.Frame)
            lines.Add(rule);
        foreach (var line in RowLines(Array.ConvertAll(_columns, TitleLines)))
            lines.Add(line);
        if (_style.Rule != TableRule.None)
            lines.Add(rule);
        for (var index = 0; index < _rows.Count; index++)
        {
            foreach (var line in RowLines(CellLines(index)))
                lines.Add(line);
        }
    }

    public IEnumerator GetEnumerator() => _rows.GetEnumerator();

    private JsonObject RowToJson(Value[] row)
    {
        var result = new JsonObject();
        for (var index = 0; index < _columns.Length; index++)
            result.Add(_columns[index].Name, row[index].ToJson());
        return result;
    }

    private string Rule()
    {
        if (_style.Rule is TableRule.Frame or TableRule.Underline)
            return new string('-', _style.Width);
        var rule = new StringBuilder().Append(' ', Indent);
        Column[] columns = [.. _columns.Where(column => column.Line == 0)];
        foreach (var column in columns)
        {
            rule.Append('-', column.Width);
            if (column != columns[^1])
                rule.Append(_style.Rule == TableRule.JoinedGroups ? '+' : ' ', column.Gap);
        }
        return rule.ToString();
    }

    private static string[] TitleLines(Column column) => column.Title.Split('\n');

    private string[][] CellLines(int row)
    {
        var cells = new string[_columns.Length][];
        for (var index = 0; index < _columns.Length; index++)
        {
            var column = _columns[index];
            var text = _rows[row][index].Text;
            var repeats = column.HideRepeats && row > 0 && _rows[row - 1][index].Text == text;
            cells[index] = repeats ? [] : TextLines(text, column);
        }
        return cells;
    }

    private static string[] TextLines(string text, Column column) => column.Overflow switch
    {
        Overflow.Cut when text.Length > column.Width => [text[..column.Width]],
        Overflow.Wrap when text.Length > column.Width => [.. Wrap(text, column.Width)],
        _ => [text],
    };

    /// <summary>Breaks a text at spaces; a word that is wider than the column stays whole.</summary>
    private static IEnumerable<string> Wrap(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length > 0 ? $"{line} {word}" : word;
            }
        }
        yield return line;
    }

    /// <summary>
    /// Lays the cells of one row out. A row has a block of lines for each <see cref="Column.Line"/>, as high as the highest
    /// cell in it.
    /// </summary>
    private IEnumerable<string> RowLines(string[][] cells)
    {
        var blocks = Enumerable.Range(0, _columns.Length).GroupBy(index => _columns[index].Line);
        foreach (var block in blocks.OrderBy(block => block.Key))
        {
            var height = Math.Max(1, block.Max(index => cells[index].Length));
            for (var line = 0; line < height; line++)
            {
                var text = new StringBuilder().Append(' ', Indent);
                foreach (var index in block)
                    AppendCell(text, _columns[index], cells[index].ElementAtOrDefault(line) ?? "");
                yield return text.ToString().TrimEnd();
            }
        }
    }

    private static void AppendCell(StringBuilder text, Column column, string cell)
    {
        var filled = column.Align == Alignment.Right ? cell.PadLeft(column.Width) : cell.PadRight(column.Width);
        text.Append(filled).Append(' ', column.Gap);
    }
}

using System.Collections;
using System.Text.Json.Nodes;

namespace VSwitch.Commands;

/// <summary>How <see cref="Fields"/> are laid out, with the columns counted from the line's start.</summary>
public readonly record struct FieldStyle
{
    public FieldStyle()
    {
    }

    /// <summary>Spaces before each key.</summary>
    public int Indent { get; init; }

    /// <summary>To this width keys are filled up before the separator; negative: from the left.</summary>
    public int KeyWidth { get; init; }

    /// <summary>What stands between key and value.</summary>
    public string Separator { get; init; } = ": ";

    /// <summary>The column in which values start, if key and separator leave room.</summary>
    public int ValueColumn { get; init; }

    /// <summary><c>key: value</c>.</summary>
    public static FieldStyle Plain => new();

    /// <summary><c> key: value</c>, below a header.</summary>
    public static FieldStyle Indented(int columns) => new() { Indent = columns };
}

/// <summary>
/// Keys with values, one per line. As JSON the fields are properties of the report, or of an object in it if the part has a
/// name. A value that is several texts below its key is added with <see cref="AddList"/>.
/// </summary>
#pragma warning disable CA1010, CA1710 // It can be enumerated only because a collection initialiser asks for that.
public sealed class Fields(FieldStyle style) : Part, IEnumerable
#pragma warning restore CA1010, CA1710
{
    private readonly List<(string Key, string Property, Value Value, IReadOnlyList<Value>? List)> _fields = [];

    public Fields()
        : this(FieldStyle.Plain)
    {
    }

    /// <summary>A line above the fields.</summary>
    public string? Title { get; init; }

    /// <summary>The property under which the fields stand in JSON; null puts them into the report itself.</summary>
    public string? Name { get; init; }

    public void Add(string key, Value value) => Add(key, value, JsonName.Of(key));

    /// <param name="key">What a person reads.</param>
    /// <param name="value">The value.</param>
    /// <param name="property">The name in JSON, if it is not the key in lower case with underscores.</param>
    public void Add(string key, Value value, string property) => _fields.Add((key, property, value, null));

    /// <summary>A key whose values stand below it, one per line and one column further in.</summary>
    public void AddList(string key, IEnumerable<Value> values) => _fields.Add((key, JsonName.Of(key), Value.None, [.. values]));

    public override void WriteText(IList<string> lines)
    {
        if (Title is not null)
            lines.Add(Title);
        foreach (var field in _fields)
        {
            lines.Add((Head(field.Key) + field.Value.Text).TrimEnd());
            foreach (var item in field.List ?? [])
                lines.Add(new string(' ', style.Indent + 1) + item.Text);
        }
    }

    public override void WriteJson(JsonObject report)
    {
        var target = report;
        if (Name is not null)
            report.Add(Name, target = []);
        foreach (var field in _fields)
            target.Add(field.Property, field.List is null ? field.Value.ToJson() : Value.List(field.List).ToJson());
    }

    public IEnumerator GetEnumerator() => _fields.GetEnumerator();

    private string Head(string key)
    {
        var filled = style.KeyWidth < 0 ? key.PadLeft(-style.KeyWidth) : key.PadRight(style.KeyWidth);
        return (new string(' ', style.Indent) + filled + style.Separator).PadRight(style.ValueColumn);
    }
}

using System.Text.Json.Nodes;

namespace VSwitch.Commands;

/// <summary>
/// A report per thing, such as one per port profile: one below the other as text, an array of objects as JSON.
/// </summary>
/// <param name="name">The property of the array.</param>
/// <param name="items">The reports.</param>
public sealed class Items(string name, IEnumerable<Report> items) : Part
{
    private readonly Report[] _items = [.. items];

    /// <summary>True if an empty line stands between two items.</summary>
    public bool Spaced { get; init; } = true;

    public override void WriteText(IList<string> lines)
    {
        for (var index = 0; index < _items.Length; index++)
        {
            if (Spaced && index > 0)
                lines.Add("");
            foreach (var line in _items[index].ToLines())
                lines.Add(line);
        }
    }

    public override void WriteJson(JsonObject report) =>
        report.Add(name, new JsonArray([.. _items.Select(item => item.ToJson())]));
}

using System.Text.Json.Nodes;

namespace VSwitch.Commands;

/// <summary>
/// Text as it is. To a machine it says nothing, unless <see cref="Data"/> repeats what it says: that is how a report whose
/// text has no regular shape (<c>show interface</c>) is regular in JSON.
/// </summary>
public sealed class Lines(params IEnumerable<string> lines) : Part
{
    private readonly string[] _lines = [.. lines.SelectMany(line => line.Split('\n'))];

    /// <summary>One empty line.</summary>
    public static readonly Lines Blank = new("");

    /// <summary>What a machine reads instead of the text: properties with their values.</summary>
    public IReadOnlyList<(string Name, Value Value)> Data { get; init; } = [];

    public override void WriteText(IList<string> lines)
    {
        foreach (var line in _lines)
            lines.Add(line);
    }

    public override void WriteJson(JsonObject report)
    {
        foreach (var (name, value) in Data)
            report.Add(name, value.ToJson());
    }
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VSwitch.Commands;

/// <summary>
/// What a command answers: parts that follow one another. As text the parts stand one below the other with nothing between
/// them but what <see cref="Lines.Blank"/> puts there. As JSON they make one object together; two parts with one name are
/// a mistake of the handler.
/// </summary>
public sealed class Report(params IEnumerable<Part> parts)
{
    public static readonly Report Empty = new();

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true, NewLine = "\n" };

    public IReadOnlyList<Part> Parts { get; } = [.. parts];

    public static implicit operator Report(Part part) => new(part);

    public static Report FromPart(Part part) => new(part);

    /// <summary>A report of plain lines.</summary>
    public static Report OfLines(params IEnumerable<string> lines) => new(new Lines(lines));

    public IReadOnlyList<string> ToLines()
    {
        var lines = new List<string>();
        foreach (var part in Parts)
            part.WriteText(lines);
        return lines;
    }

    /// <summary>The text, every line ended.</summary>
    public string ToText() => string.Concat(ToLines().Select(line => line + "\n"));

    /// <summary>One object. A report that is nothing but lines has them as <c>lines</c>.</summary>
    public JsonObject ToJson()
    {
        var report = new JsonObject();
        foreach (var part in Parts)
            part.WriteJson(report);
        if (report.Count == 0 && ToLines() is { Count: > 0 } lines)
            report["lines"] = new JsonArray([.. lines.Select(line => (JsonNode)line)]);
        return report;
    }

    /// <summary>The JSON text without an end of line; on one line unless it is for people.</summary>
    public string ToJsonText(bool pretty = false) => ToJson().ToJsonString(pretty ? Indented : Compact);
}

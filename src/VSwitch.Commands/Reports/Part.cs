using System.Text.Json.Nodes;

namespace VSwitch.Commands;

/// <summary>A piece of a report, which can write itself for people and for machines.</summary>
public abstract class Part
{
    /// <summary>Adds the text, a line per element, without ends of line.</summary>
    public abstract void WriteText(IList<string> lines);

    /// <summary>Adds the properties that the part has in the report's JSON object; decoration adds none.</summary>
    public abstract void WriteJson(JsonObject report);
}

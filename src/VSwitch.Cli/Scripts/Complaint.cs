using System.Text;
using VSwitch.Protocol;

namespace VSwitch.Cli.Scripts;

/// <summary>What is wrong with a line that the user does not have before his eyes.</summary>
internal static class Complaint
{
    /// <summary>The line behind its origin, the caret below the column, and the error.</summary>
    public static string Of(ScriptLine line, ExecuteResponse response)
    {
        string prefix = $"{line.Origin}: ";
        var text = new StringBuilder($"{prefix}{line.Text}\n");
        if (response.ErrorColumn >= 0)
            text.Append(' ', prefix.Length).Append(Below(line.Text, response.ErrorColumn)).Append("^\n");
        return text.Append(response.Error.TrimEnd('\n')).Append('\n').ToString();
    }

    /// <summary>
    /// As much blank space as the line takes up to a column. A tabulator stays one, for the terminal knows how wide it is.
    /// </summary>
    private static string Below(string line, int column) =>
        string.Concat(line.Take(column).Select(c => c == '\t' ? '\t' : ' ')).PadRight(column);
}

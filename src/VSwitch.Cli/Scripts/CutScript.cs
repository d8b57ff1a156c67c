using VSwitch.Hosting;

namespace VSwitch.Cli.Scripts;

/// <summary>
/// A file whose last line has no end may have been cut there, and half a line can be a whole command: <c>switchport access vlan 1</c>
/// was <c>vlan 10</c>. Nothing of it is run then, unless the line changes nothing.
/// </summary>
internal static class CutScript
{
    /// <exception cref="UsageException">The last line has no end.</exception>
    public static void Refuse(string path, string text)
    {
        int start = text.LastIndexOf('\n') + 1;
        string last = text[start..].Trim();
        if (last.Length == 0 || last[0] == '!' || last is "end" or "exit")
            return;
        int number = text.AsSpan(0, start).Count('\n') + 1;
        throw new UsageException(
            $"{path}:{number}: '{last}' has no end of line, so the file may have been cut there. Nothing of it was run; end the line if it is whole.");
    }
}

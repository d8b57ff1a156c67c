namespace VSwitch.Wire.Tests;

/// <summary>
/// Frames as a person writes them: hexadecimal bytes, blanks anywhere, and a comment from # to the end of the line.
/// </summary>
internal static class Hex
{
    public static byte[] Bytes(string text)
    {
        IEnumerable<string> lines = text.Split('\n').Select(line => line.Split('#')[0]);
        return Convert.FromHexString(string.Concat(lines).Replace(" ", "").Replace("\r", ""));
    }
}

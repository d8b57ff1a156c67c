using System.Text;

namespace VSwitch.Commands;

/// <summary>Makes property names of titles: <c>MAC Address</c> becomes <c>mac_address</c>.</summary>
internal static class JsonName
{
    public static string Of(string title)
    {
        var name = new StringBuilder(title.Length);
        foreach (var c in title)
        {
            if (char.IsAsciiLetterOrDigit(c))
                name.Append(char.ToLowerInvariant(c));
            else if (name.Length > 0 && name[^1] != '_')
                name.Append('_');
        }
        return name.ToString().TrimEnd('_');
    }
}

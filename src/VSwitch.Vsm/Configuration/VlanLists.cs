using System.Text;
using VSwitch.Wire;

namespace VSwitch.Vsm;

/// <summary>VLAN lists that are too long for one line of a configuration.</summary>
public static class VlanLists
{
    /// <summary>Half of what the command line takes: the worst list, every second VLAN, needs three lines.</summary>
    private const int LineLengthMax = 4000;

    /// <summary>The set as one list, or as several that are it together; <c>none</c> for the empty set.</summary>
    public static IEnumerable<string> Lines(VlanSet vlans)
    {
        var line = new StringBuilder();
        foreach (string range in vlans.ToString().Split(','))
        {
            if (line.Length + range.Length >= LineLengthMax)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length > 0 ? "," : "").Append(range);
        }

        yield return line.ToString();
    }
}

namespace VSwitch.Integration.Tests;

/// <summary>The drop counters of a VEM, as <c>show port-drops</c> prints them.</summary>
public sealed class Drops
{
    private readonly Dictionary<(string Port, string Reason), long> _counts = [];

    private Drops()
    {
    }

    /// <summary>The reasons that have happened on any port.</summary>
    public IEnumerable<string> Reasons => _counts.Keys.Select(key => key.Reason).Distinct();

    /// <summary>Frames that all ports dropped for a reason.</summary>
    public long this[string reason] => _counts.Where(count => count.Key.Reason == reason).Sum(count => count.Value);

    /// <param name="interfaceName">As the VEM shortens it: <c>Veth1</c>, <c>Eth3/1</c>.</param>
    /// <param name="reason">A drop reason.</param>
    public long this[string interfaceName, string reason] => _counts.GetValueOrDefault((interfaceName, reason));

    public static Drops Parse(string table)
    {
        var drops = new Drops();
        foreach (string line in table.Split('\n'))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            // LTL, VSM port, direction, reason, frames, meaning.
            if (words.Length >= 5 && words[2] is "ingress" or "egress" && long.TryParse(words[4], out long count))
                drops._counts[(words[1], words[3])] = count;
        }
        return drops;
    }
}

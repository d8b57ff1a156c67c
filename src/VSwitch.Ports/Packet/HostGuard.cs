using VSwitch.Linux;

namespace VSwitch.Ports;

/// <summary>
/// Keeps the host's own stack off a netdev that the switch uses: what the netdev receives goes no further than the
/// switch, and IPv6, which would speak by itself, is off. Everything is as before when this is disposed. Make it, and
/// dispose of it, in the netdev's namespace, which is the one that /proc/sys/net shows a thread.
/// </summary>
internal sealed class HostGuard : IDisposable
{
    private const string Disabled = "1";

    private readonly IngressDrop? _drop;
    private readonly string _ipv6Switch;
    private readonly string? _ipv6Before;

    private HostGuard(IngressDrop? drop, string netdev, List<string> warnings)
    {
        _drop = drop;
        _ipv6Switch = $"/proc/sys/net/ipv6/conf/{netdev}/disable_ipv6";
        _ipv6Before = Exchange(_ipv6Switch, Disabled);
        Warnings = warnings;
    }

    /// <summary>What a user should know, a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; }

    public static HostGuard Place(RouteSocket links, LinkInfo link)
    {
        var warnings = new List<string>();
        if (links.HasAddresses(link.Index))
            warnings.Add($"{link.Name} carries IP addresses of the host, which can use them no more");
        IngressDrop? drop = null;
        try
        {
            drop = IngressDrop.Attach(link.Index);
        }
        catch (LinuxException exception)
        {
            warnings.Add($"the host's stack also sees what {link.Name} receives: {exception.Message}");
        }
        return new HostGuard(drop, link.Name, warnings);
    }

    public void Dispose()
    {
        _drop?.Dispose();
        if (_ipv6Before is not null)
            Exchange(_ipv6Switch, _ipv6Before);
    }

    /// <returns>What was there; null when there is no such switch: a kernel without IPv6, a netdev that is gone.</returns>
    private static string? Exchange(string path, string value)
    {
        try
        {
            string before = File.ReadAllText(path);
            File.WriteAllText(path, value);
            return before;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

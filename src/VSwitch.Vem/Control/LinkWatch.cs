using VSwitch.Linux;
using VSwitch.Ports;

namespace VSwitch.Vem;

/// <summary>
/// Hears at once what becomes of netdevs: of those in the VEM's own network namespace and of those wherever its TAPs are. A namespace
/// ends when nobody is in it, so a watch ends with the last port there. For the control loop; only <see cref="Wait"/> is for a thread of
/// its own.
/// </summary>
internal sealed class LinkWatch : IDisposable
{
    private const string OwnNamespace = "/proc/self/ns/net";

    private readonly Epoll _epoll = new();
    private readonly Dictionary<string, LinkMonitor> _monitors = [];
    private readonly string _own = NetworkNamespace.Identity(OwnNamespace) ?? OwnNamespace;
    private bool _isClosed;

    public LinkWatch() => Add(_own, new LinkMonitor());

    /// <summary>Waits until something was heard.</summary>
    /// <returns>False when the time is over.</returns>
    public bool Wait(int milliseconds)
    {
        Span<ulong> tokens = stackalloc ulong[Epoll.EventCountMax];
        return _epoll.Wait(tokens, milliseconds) > 0;
    }

    /// <summary>Watches where these ports are, and nowhere else.</summary>
    /// <returns>Whether a namespace is new: what happened there before was not heard.</returns>
    public bool Follow(IEnumerable<IPort> ports)
    {
        if (_isClosed)
            return false;
        var inside = new HashSet<string> { _own };
        bool isNew = false;
        foreach (IPort port in ports)
        {
            if (port.Namespace is not { } name || !inside.Add(name) || _monitors.ContainsKey(name))
                continue;
            try
            {
                Add(name, port.OpenLinkMonitor());
                isNew = true;
            }
            catch (LinuxException)
            {
                // The netdev is gone, or has just moved: the next look at it tells.
            }
        }
        foreach (string left in _monitors.Keys.Except(inside).ToList())
        {
            _monitors[left].Dispose();
            _monitors.Remove(left);
        }
        return isNew;
    }

    /// <summary>What was heard since the last call.</summary>
    /// <returns>The names of netdevs, each once; null when the kernel could not tell all of it.</returns>
    public IReadOnlyCollection<string>? Read()
    {
        var changes = new List<LinkChange>();
        bool isComplete = true;
        foreach (LinkMonitor monitor in _monitors.Values)
            isComplete &= monitor.Read(changes);
        return isComplete ? changes.Select(change => change.Link.Name).ToHashSet() : null;
    }

    public void Dispose()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        foreach (LinkMonitor monitor in _monitors.Values)
            monitor.Dispose();
        _monitors.Clear();
        _epoll.Dispose();
    }

    private void Add(string name, LinkMonitor monitor)
    {
        _monitors.Add(name, monitor);
        _epoll.Add(monitor.Handle, 0);
    }
}

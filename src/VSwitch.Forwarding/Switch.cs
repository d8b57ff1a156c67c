using System.Diagnostics;
using VSwitch.Policy;
using VSwitch.Ports;
using VSwitch.Wire;

namespace VSwitch.Forwarding;

/// <summary>
/// The forwarding switch of one host: its ports, its MAC table, its workers, and the snapshot that they forward by.
/// The control loop is the only caller of everything that changes; workers only read <see cref="Snapshot"/>.
/// </summary>
public sealed class Switch : IDisposable
{
    private readonly Worker[] _workers;
    private readonly SwitchPort?[] _ports = new SwitchPort?[SwitchSnapshot.PortCountMax];
    private readonly long[] _busyTicks;
    private volatile SwitchSnapshot _snapshot = SwitchSnapshot.Empty;
    private long _loadTicks = Stopwatch.GetTimestamp();
    private StepTimes _clearedTimes = new();

    /// <param name="cpus">One worker for each; -1 leaves it to the scheduler.</param>
    /// <param name="isBusy">Whether workers poll for ever instead of sleeping when there is nothing to do.</param>
    /// <param name="macTable">One of the usual size if null.</param>
    public Switch(IReadOnlyList<int> cpus, bool isBusy = false, MacTable? macTable = null)
    {
        MacTable = macTable ?? new MacTable(portCount: SwitchSnapshot.PortCountMax);
        _workers = [.. cpus.Select((cpu, index) => new Worker(this, index, cpu, isBusy))];
        _busyTicks = new long[_workers.Length];
        foreach (Worker worker in _workers)
            worker.Start();
    }

    public MacTable MacTable { get; }

    public AccessListTable AccessLists { get; } = new();

    /// <summary>What the workers forward by now.</summary>
    public SwitchSnapshot Snapshot => _snapshot;

    public IEnumerable<SwitchPort> Ports => _ports.Where(port => port is not null)!;

    /// <summary>The switch's clock, in whole seconds; it never goes back.</summary>
    public static uint NowSeconds => (uint)(Stopwatch.GetTimestamp() / Stopwatch.Frequency);

    /// <summary>
    /// Gives a port its place. Its queues are spread over the workers; it forwards nothing until a snapshot says so.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no place left.</exception>
    public SwitchPort Add(IPort port, bool isUplink)
    {
        int index = Array.FindIndex(_ports, place => place is null);
        if (index < 0)
            throw new InvalidOperationException($"The switch has {SwitchSnapshot.PortCountMax} ports already.");
        var added = new SwitchPort(index, port, isUplink, _workers.Length);
        _ports[index] = added;
        Start(added);
        return added;
    }

    /// <summary>Stops and starts a port, with no worker in it meanwhile. Its counters go on.</summary>
    public void Restart(SwitchPort port)
    {
        Stop(port);
        Start(port);
    }

    /// <summary>
    /// Takes a port out. The caller has published a snapshot without it; when this returns no worker uses the port and
    /// it has been stopped and closed.
    /// </summary>
    public void Remove(SwitchPort port)
    {
        Stop(port);
        MacTable.Flush(port.Index, includeStatic: true);
        port.Port.Close();
        _ports[port.Index] = null;
    }

    /// <summary>
    /// Makes the workers forward by new policies. Addresses learnt behind a port whose VLANs change are forgotten.
    /// </summary>
    /// <param name="policies">The policy of every port that is to have a part in forwarding; compiled once for all that share the object.</param>
    public void Publish(IEnumerable<(SwitchPort Port, PortPolicy Policy)> policies, IReadOnlyCollection<AccessListConfig> accessLists, VlanSet activeVlans)
    {
        AccessLists.Replace(accessLists, ReadCell);
        SwitchSnapshot old = _snapshot;
        List<PortSnapshot> ports = Compile(policies);
        _snapshot = new SwitchSnapshot(ports, activeVlans);

        // A worker that has run an action since has seen the new snapshot; after that nothing is learnt by the old one.
        foreach (Worker worker in _workers)
            worker.Run(static () => { });
        foreach (PortSnapshot port in ports)
        {
            if (old.Port(port.Port.Index) is { } before && before.Port == port.Port && !before.Policy.HasSameVlans(port.Policy))
                MacTable.Flush(port.Port.Index, includeStatic: false);
        }
    }

    /// <summary>
    /// The share of its time that the busiest worker had frames in its hands, from 0 to 1: between the last two calls of
    /// <see cref="AdjustToLoad"/>.
    /// </summary>
    public double Load { get; private set; }

    /// <summary>Measures <see cref="Load"/> and lets the ports adapt to it. The control loop calls it every second.</summary>
    public void AdjustToLoad()
    {
        long now = Stopwatch.GetTimestamp();
        long busiest = 0;
        for (int i = 0; i < _workers.Length; i++)
        {
            long busy = _workers[i].BusyTicks;
            busiest = Math.Max(busiest, busy - _busyTicks[i]);
            _busyTicks[i] = busy;
        }
        Load = Math.Min((double)busiest / (now - _loadTicks), 1);
        _loadTicks = now;
        foreach (SwitchPort port in Ports)
            port.Port.AdjustToLoad(Load);
    }

    /// <summary>One access-list counter, summed over the workers.</summary>
    public ulong ReadCell(int cell)
    {
        ulong sum = 0;
        foreach (Worker worker in _workers)
            sum += worker.AccessListCounters.Read(cell);
        return sum;
    }

    /// <summary>Where the workers' time went since that was last cleared.</summary>
    public StepTimes ReadStepTimes()
    {
        StepTimes sum = SumStepTimes();
        sum.Subtract(_clearedTimes);
        return sum;
    }

    public void ClearStepTimes() => _clearedTimes = SumStepTimes();

    public void Dispose()
    {
        foreach (Worker worker in _workers)
            worker.Dispose();
        foreach (SwitchPort port in Ports)
        {
            port.Port.Stop();
            port.Port.Close();
        }
    }

    private void Start(SwitchPort port)
    {
        port.Port.Start();
        for (int queue = 0; queue < port.Port.ReceiveQueues.Count; queue++)
            _workers[(port.Index + queue) % _workers.Length].Add(port, port.Port.ReceiveQueues[queue]);
    }

    private void Stop(SwitchPort port)
    {
        foreach (Worker worker in _workers)
            worker.Remove(port);
        port.Port.Stop();
    }

    private StepTimes SumStepTimes()
    {
        var sum = new StepTimes();
        foreach (Worker worker in _workers)
            sum.Add(worker.StepTimes);
        return sum;
    }

    private List<PortSnapshot> Compile(IEnumerable<(SwitchPort Port, PortPolicy Policy)> policies)
    {
        var compiled = new Dictionary<PortPolicy, PolicySnapshot>(ReferenceEqualityComparer.Instance);
        var ports = new List<PortSnapshot>();
        foreach ((SwitchPort port, PortPolicy policy) in policies)
        {
            if (!compiled.TryGetValue(policy, out PolicySnapshot? snapshot))
                compiled[policy] = snapshot = new PolicySnapshot(policy, AccessLists.Find(policy.AccessGroupIn), AccessLists.Find(policy.AccessGroupOut));
            ports.Add(new PortSnapshot(port, snapshot));
        }
        return ports;
    }
}

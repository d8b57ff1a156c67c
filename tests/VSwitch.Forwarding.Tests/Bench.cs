using VSwitch.Frames;
using VSwitch.Policy;
using VSwitch.Ports;
using VSwitch.Wire;

namespace VSwitch.Forwarding.Tests;

/// <summary>
/// A switch of memory ports without threads: a frame goes in, one pass runs, and what came out of every port is there to
/// look at. After each pass the bench checks that no frame got lost: received = dropped + forwarded, copies = sent + dropped.
/// </summary>
internal sealed class Bench : IDisposable
{
    private readonly List<(SwitchPort Port, MemoryPort Memory, PortPolicy Policy)> _ports = [];
    private readonly Dictionary<string, AccessListConfig> _accessLists = [];
    private readonly AccessListTable _accessListTable = new();
    private readonly Pass _pass;
    private SwitchSnapshot? _snapshot;

    public Bench(MacTable? macTable = null)
    {
        MacTable = macTable ?? new MacTable();
        _pass = new Pass(0, MacTable);
    }

    public MacTable MacTable { get; }

    public VlanSet ActiveVlans { get; set; } = VlanSet.All;

    public uint NowSeconds { get; set; } = 1;

    public StepTimes StepTimes => _pass.StepTimes;

    public static PortPolicy Access(int vlan) => new() { AdminUp = true, AccessVlan = vlan };

    public static PortPolicy Trunk(string allowed, int native = 1) =>
        new() { AdminUp = true, Mode = SwitchportMode.Trunk, AllowedVlans = VlanSet.Parse(allowed), NativeVlan = native };

    public int AddVeth(PortPolicy policy) => Add(policy, isUplink: false);

    public int AddUplink(PortPolicy policy) => Add(policy, isUplink: true);

    public void SetAccessList(AccessListConfig config)
    {
        _accessLists[config.Name] = config;
        _snapshot = null;
    }

    public void SetPolicy(int port, PortPolicy policy)
    {
        _ports[port] = _ports[port] with { Policy = policy };
        _snapshot = null;
    }

    public MemoryPort Memory(int port) => _ports[port].Memory;

    public PortCounters Counters(int port) => _ports[port].Port.ReadCounters();

    public ulong Drops(int port, DropReason reason) => Counters(port).Drops(reason);

    public ulong Matches(string accessList, int entry) => _accessListTable.Matches(_accessListTable.Find(accessList)!, entry, ReadCell);

    /// <summary>Sends one frame into a port and returns the ports it left by.</summary>
    public int[] Send(int port, byte[] frame, Offload offload = default, int outOfBandTci = SendEntry.Untagged) =>
        [.. SendAndTake(port, frame, offload, outOfBandTci).Keys.Order()];

    /// <summary>Sends one frame into a port and returns what left, by port.</summary>
    public Dictionary<int, SentFrame> SendAndTake(int port, byte[] frame, Offload offload = default, int outOfBandTci = SendEntry.Untagged)
    {
        Assert.True(Memory(port).Inject(frame, offload, outOfBandTci));
        Run(port);
        var sent = new Dictionary<int, SentFrame>();
        for (int i = 0; i < _ports.Count; i++)
        {
            foreach (SentFrame copy in Memory(i).TakeSent())
                sent.Add(i, copy);
        }
        return sent;
    }

    /// <summary>Runs one pass over what was injected into a port.</summary>
    public int Run(int port)
    {
        _snapshot ??= MakeSnapshot();
        SwitchPort ingress = _ports[port].Port;
        int received = _pass.Run(_snapshot, _snapshot.Port(ingress.Index)!.Value, ingress.Port.ReceiveQueues[0], NowSeconds);
        return received;
    }

    /// <summary>Frames in and not dropped on ingress have left as copies or were dropped on egress.</summary>
    public (ulong Received, ulong DroppedIn, ulong Sent, ulong DroppedOut) Totals()
    {
        (ulong received, ulong droppedIn, ulong sent, ulong droppedOut) = (0, 0, 0, 0);
        foreach ((SwitchPort port, _, _) in _ports)
        {
            PortCounters counters = port.ReadCounters();
            received += counters.Received;
            sent += counters.Sent;
            for (DropReason reason = DropReason.PortBlocked; reason < DropReason.Count; reason++)
            {
                if (DropReasons.IsEgress(reason))
                    droppedOut += counters.Drops(reason);
                else
                    droppedIn += counters.Drops(reason);
            }
        }
        return (received, droppedIn, sent, droppedOut);
    }

    public void Dispose()
    {
        _pass.Dispose();
        foreach ((_, MemoryPort memory, _) in _ports)
            memory.Close();
    }

    private int Add(PortPolicy policy, bool isUplink)
    {
        var memory = new MemoryPort($"m{_ports.Count}") { MtuBytes = 9216 };
        _ports.Add((new SwitchPort(_ports.Count, memory, isUplink, workerCount: 1), memory, policy));
        memory.Start();
        _snapshot = null;
        return _ports.Count - 1;
    }

    private SwitchSnapshot MakeSnapshot()
    {
        _accessListTable.Replace(_accessLists.Values, ReadCell);
        return new SwitchSnapshot([.. _ports.Select(port => new PortSnapshot(port.Port, Compile(port.Policy)))], ActiveVlans);
    }

    private PolicySnapshot Compile(PortPolicy policy) =>
        new(policy, _accessListTable.Find(policy.AccessGroupIn), _accessListTable.Find(policy.AccessGroupOut));

    private ulong ReadCell(int cell) => _pass.AccessListCounters.Read(cell);
}

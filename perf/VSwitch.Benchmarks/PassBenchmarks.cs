using BenchmarkDotNet.Attributes;
using VSwitch.Forwarding;
using VSwitch.Frames;
using VSwitch.Policy;
using VSwitch.Wire;

namespace VSwitch.Benchmarks;

/// <summary>
/// What the switch itself costs per frame, from the received descriptor to the planned wire frame, without the system calls
/// that bring and take it: full batches of 60-byte frames through every stage of an access port.
/// </summary>
[MemoryDiagnoser]
public class PassBenchmarks : IDisposable
{
    private const int Vlan = 10;
    private const ulong FirstAddress = 0x0200_0000_0100;
    private const ulong FirstPeer = 0x0200_0000_0200;
    private const int PayloadBytes = 6;

    private readonly MacTable _macTable = new();
    private readonly List<ReplayPort> _ports = [];
    private Pass _pass = null!;
    private SwitchSnapshot _snapshot = SwitchSnapshot.Empty;

    /// <summary>Addresses on either side; frame n of a batch uses pair n, modulo this.</summary>
    [Params(1, FrameBatch.Capacity)]
    public int Macs { get; set; }

    /// <summary>Entries of the inbound access list, of which the last matches; 0 is none.</summary>
    [Params(0, 2, 100)]
    public int AclEntries { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _pass = new Pass(worker: 0, _macTable);
        var lists = new AccessListTable();
        if (AclEntries > 0)
            lists.Replace([MakeAccessList()], _pass.AccessListCounters.Read);
        byte[][] frames = [.. Enumerable.Range(0, FrameBatch.Capacity).Select(i => MakeFrame((ulong)(i % Macs)))];
        _snapshot = new SwitchSnapshot([AddPort(lists.Find("acl"), frames), AddPort(null)], VlanSet.All);
        for (ulong i = 0; i < (ulong)Macs; i++)
            _macTable.AddStatic(Vlan, FirstPeer + i, port: 1);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _pass?.Dispose();
        foreach (ReplayPort port in _ports)
            port.Dispose();
    }

    [Benchmark(OperationsPerInvoke = FrameBatch.Capacity)]
    public int Forward()
    {
        PortSnapshot ingress = _snapshot.Port(0)!.Value;
        return _pass.Run(_snapshot, ingress, ingress.Port.Port.ReceiveQueues[0], nowSeconds: 1);
    }

    private static byte[] MakeFrame(ulong pair)
    {
        byte[] frame = TcpFrame.Make(PayloadBytes);
        EthernetView.Write(frame, new MacAddress(FirstPeer + pair), new MacAddress(FirstAddress + pair), EtherType.Ipv4);
        return frame;
    }

    private AccessListConfig MakeAccessList()
    {
        IEnumerable<AccessEntry> denied = Enumerable.Range(1, AclEntries - 1).Select(i => new AccessEntry
        {
            Sequence = (uint)i,
            Action = AccessAction.Deny,
            Protocol = IpProtocol.Udp,
            Source = Ipv4Prefix.Parse($"10.0.{i}.0/24"),
        });
        AccessEntry permit = new() { Sequence = (uint)AclEntries, Action = AccessAction.Permit };
        return new AccessListConfig { Name = "acl", StatisticsPerEntry = true, Entries = [.. denied, permit] };
    }

    private PortSnapshot AddPort(BoundAccessList? accessListIn, params byte[][] frames)
    {
        var port = new ReplayPort(frames);
        var place = new SwitchPort(_ports.Count, port, isUplink: false, workerCount: 1);
        _ports.Add(port);
        return new PortSnapshot(place, new PolicySnapshot(new PortPolicy { AdminUp = true, AccessVlan = Vlan }, accessListIn, accessListOut: null));
    }
}

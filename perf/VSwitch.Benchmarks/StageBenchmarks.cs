using BenchmarkDotNet.Attributes;
using VSwitch.Forwarding;
using VSwitch.Frames;
using VSwitch.Policy;
using VSwitch.Wire;

namespace VSwitch.Benchmarks;

/// <summary>
/// What each stage costs per frame, by itself: one full batch of 60-byte frames between different pairs of addresses, from an
/// uplink to a vEth, goes through the same stage again and again. <see cref="PassBenchmarks"/> has them all in a row.
/// </summary>
[MemoryDiagnoser]
public class StageBenchmarks : IDisposable
{
    private const int Vlan = 10;
    private const ulong FirstAddress = 0x0200_0000_0100;
    private const ulong FirstPeer = 0x0200_0000_0200;
    private const int PayloadBytes = 6;

    private readonly Pass _pass = new(worker: 0, new MacTable());
    private readonly SendList _copies = new();
    private readonly List<ReplayPort> _ports = [];
    private PortSnapshot _uplink;
    private PortSnapshot _veth;

    [GlobalSetup]
    public void SetUp()
    {
        var lists = new AccessListTable();
        AccessEntry permit = new() { Sequence = 10, Action = AccessAction.Permit };
        lists.Replace([new AccessListConfig { Name = "acl", Entries = [permit] }], _pass.AccessListCounters.Read);
        _uplink = AddPort(isUplink: true, lists.Find("acl"), [.. Enumerable.Range(0, FrameBatch.Capacity).Select(i => MakeFrame((ulong)i))]);
        _veth = AddPort(isUplink: false, lists.Find("acl"));
        for (int i = 0; i < FrameBatch.Capacity; i++)
        {
            _pass.MacTable.AddStatic(Vlan, FirstPeer + (ulong)i, port: 1);
            _copies.Add(i, SendEntry.Untagged);
        }

        // The pass keeps its batch until the next one.
        _pass.Run(new SwitchSnapshot([_uplink, _veth], VlanSet.All), _uplink, _uplink.Port.Port.ReceiveQueues[0], nowSeconds: 1);
        if (_pass.Batch.Alive != _pass.Batch.All || _veth.Port.ReadCounters().Sent != FrameBatch.Capacity)
            throw new InvalidOperationException("The frames do not pass.");
    }

    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _pass.Dispose();
        foreach (ReplayPort port in _ports)
            port.Dispose();
    }

    [Benchmark(OperationsPerInvoke = FrameBatch.Capacity)]
    public void Parse() => Process(Step.Parse);

    [Benchmark(OperationsPerInvoke = FrameBatch.Capacity)]
    public void ClassifyIntoVlan() => Process(Step.Vlan);

    [Benchmark(OperationsPerInvoke = FrameBatch.Capacity)]
    public void AclIn() => Process(Step.AclIn);

    [Benchmark(OperationsPerInvoke = FrameBatch.Capacity)]
    public void DejaVu() => Process(Step.DejaVu);

    [Benchmark(OperationsPerInvoke = FrameBatch.Capacity)]
    public void Learn() => Process(Step.Learn);

    /// <summary>Lookup leaves copies, which have to go: <see cref="AclOut"/> and <see cref="Send"/> are what that costs.</summary>
    [Benchmark(OperationsPerInvoke = FrameBatch.Capacity)]
    public void LookupAclOutAndSend()
    {
        Process(Step.Lookup);
        _pass.SendCopies();
    }

    [Benchmark(OperationsPerInvoke = FrameBatch.Capacity)]
    public void AclOut() => _veth.Policy.EgressStages[0].Process(_pass, _veth, _copies);

    /// <summary>Plans the copies; nothing takes them.</summary>
    [Benchmark(OperationsPerInvoke = FrameBatch.Capacity)]
    public void Send()
    {
        PortLane lane = _veth.Port.Lane(worker: 0);
        lane.SendQueue.Send(_pass.Batch, _copies, lane.Counters);
    }

    /// <summary>A handful of stages: finding one costs less than a frame's share can show.</summary>
    private void Process(Step step)
    {
        foreach (IStage stage in _uplink.Policy.IngressStages(isUplink: true))
        {
            if (stage.Step == step)
                stage.Process(_pass);
        }
    }

    private static byte[] MakeFrame(ulong pair)
    {
        byte[] frame = TcpFrame.Make(PayloadBytes);
        EthernetView.Write(frame, new MacAddress(FirstPeer + pair), new MacAddress(FirstAddress + pair), EtherType.Ipv4);
        return frame;
    }

    private PortSnapshot AddPort(bool isUplink, BoundAccessList? accessList, params byte[][] frames)
    {
        var port = new ReplayPort(frames);
        var place = new SwitchPort(_ports.Count, port, isUplink, workerCount: 1);
        _ports.Add(port);
        return new PortSnapshot(place, new PolicySnapshot(new PortPolicy { AdminUp = true, AccessVlan = Vlan }, accessList, accessList));
    }
}

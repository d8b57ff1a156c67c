using VSwitch.Frames;
using VSwitch.Policy;
using VSwitch.Ports;
using static VSwitch.Forwarding.Tests.TestFrames;

namespace VSwitch.Forwarding.Tests;

/// <summary>The gate: in steady state a batch costs no managed memory, whatever stages it goes through.</summary>
public sealed class AllocationTests : IDisposable
{
    private const int BatchCount = 1000;
    private const int FramesPerBatch = 32;

    private readonly MemoryPort[] _wire = [.. Enumerable.Range(0, 8).Select(i => new MemoryPort($"w{i}"))];
    private readonly FrameBatch _drained = new();

    public void Dispose()
    {
        foreach (MemoryPort port in _wire)
            port.Close();
        _drained.Dispose();
    }

    [Fact]
    public void Unicast_floods_tags_and_access_lists_allocate_nothing_per_batch()
    {
        // Four ports of the switch, each joined to a port of ours that drains it.
        var macTable = new MacTable();
        using var pass = new Pass(0, macTable);
        var lists = new AccessListTable();
        lists.Replace([new AccessListConfig { Name = "all", Entries = [new AccessEntry { Sequence = 10, Action = AccessAction.Permit }] }], pass.AccessListCounters.Read);
        BoundAccessList permit = lists.Find("all")!;
        PortSnapshot[] ports =
        [
            Port(0, new PortPolicy { AdminUp = true, AccessVlan = 10 }, isUplink: false, permit),
            Port(1, new PortPolicy { AdminUp = true, AccessVlan = 10 }, isUplink: false, permit),
            Port(2, new PortPolicy { AdminUp = true, Mode = SwitchportMode.Trunk }, isUplink: true, permit),
            Port(3, PortPolicy.Blocked, isUplink: false, permit),
        ];
        var snapshot = new SwitchSnapshot(ports, Wire.VlanSet.All);
        byte[][] frames =
        [
            Ipv4("02:00:00:00:00:01", "02:00:00:00:00:02", "10.0.0.1", "10.0.0.2", 6, 1000, 80),
            Ethernet(Broadcast, "02:00:00:00:00:03"),
            Ethernet("02:00:00:00:00:02", "02:00:00:00:00:01"),
            Tagged(Ethernet("02:00:00:00:00:02", "02:00:00:00:00:04"), 10),
            new byte[10],
        ];

        int received = 0;
        void RunBatch(int batch)
        {
            PortSnapshot ingress = ports[batch % ports.Length];
            for (int i = 0; i < FramesPerBatch; i++)
                ((MemoryPort)ingress.Port.Port).Inject(frames[(batch + i) % frames.Length]);
            received += pass.Run(snapshot, ingress, ingress.Port.Port.ReceiveQueues[0], (uint)batch);
            foreach (MemoryPort wire in _wire)
                Drain(wire);
        }

        for (int batch = 0; batch < 100; batch++)
            RunBatch(batch);
        Assert.Equal(0, Allocations.Of(() =>
        {
            received = 0;
            for (int batch = 0; batch < BatchCount; batch++)
                RunBatch(batch);
        }));
        Assert.Equal(BatchCount * FramesPerBatch, received);
        Assert.True(ports[1].Port.ReadCounters().Sent > 0, "nothing was forwarded");
    }

    private PortSnapshot Port(int index, PortPolicy policy, bool isUplink, BoundAccessList accessList)
    {
        var memory = _wire[index];
        MemoryPort.Join(memory, _wire[index + 4]);
        memory.Start();
        _wire[index + 4].Start();
        return new PortSnapshot(new SwitchPort(index, memory, isUplink, workerCount: 1), new PolicySnapshot(policy, accessList, accessList));
    }

    private void Drain(MemoryPort port)
    {
        _drained.Clear();
        while (port.ReceiveQueues[0].Receive(_drained) > 0)
        {
            port.ReceiveQueues[0].Release(_drained);
            _drained.Clear();
        }
    }
}

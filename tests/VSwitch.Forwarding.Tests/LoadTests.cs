using VSwitch.Policy;
using VSwitch.Ports;
using VSwitch.Wire;

namespace VSwitch.Forwarding.Tests;

public sealed class LoadTests : IDisposable
{
    private readonly Switch _switch = new([-1]);
    private readonly MemoryPort[] _ports = [new("one"), new("other")];

    public LoadTests()
    {
        PortPolicy policy = Bench.Access(10);
        (SwitchPort Port, PortPolicy)[] policies = [.. _ports.Select(port => (_switch.Add(port, isUplink: false), policy))];
        _switch.Publish(policies, [], VlanSet.All);
        MemoryPort.Join(_ports[0], _ports[1]);
    }

    [Fact]
    public void Ports_hear_how_busy_the_worker_is()
    {
        Assert.Equal(0, _switch.Load);
        Measure(0, 0.1);

        // A broadcast that leaves by one port comes in by the other, for ever.
        Assert.True(_ports[0].Inject(TestFrames.Ethernet(TestFrames.Broadcast, "02:00:00:00:00:01")));
        Measure(0.9, 1);
        Assert.All(_ports, port => Assert.Equal(_switch.Load, port.Load));

        MemoryPort.Join(_ports[0], new MemoryPort("nowhere"));
        MemoryPort.Join(_ports[1], new MemoryPort("nowhere"));
        Measure(0, 0.1);
    }

    public void Dispose() => _switch.Dispose();

    /// <summary>Measures until the load is as expected: a worker that has no processor for a while does less than it has to do.</summary>
    private void Measure(double low, double high)
    {
        for (int attempt = 0; attempt < 20; attempt++)
        {
            Thread.Sleep(100);
            _switch.AdjustToLoad();
            Thread.Sleep(400);
            _switch.AdjustToLoad();
            if (_switch.Load >= low && _switch.Load <= high)
                return;
        }
        Assert.InRange(_switch.Load, low, high);
    }
}

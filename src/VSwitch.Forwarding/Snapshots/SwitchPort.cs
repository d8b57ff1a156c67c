using VSwitch.Frames;
using VSwitch.Ports;

namespace VSwitch.Forwarding;

/// <summary>
/// A port's place in the switch: its index, its own counters and its way out for each worker. It lives as long as the
/// attachment; its policy is in the <see cref="PortSnapshot"/> of the day.
/// </summary>
public sealed class SwitchPort
{
    private readonly PortLane[] _lanes;
    private PortCounters _cleared = new();

    /// <param name="index">Zero-based, below <see cref="SwitchSnapshot.PortCountMax"/>; shown as the LTL.</param>
    /// <param name="isUplink">Whether the port leads to the physical network: an Ethernet interface, not a vEth.</param>
    public SwitchPort(int index, IPort port, bool isUplink, int workerCount)
    {
        Index = index;
        Port = port;
        IsUplink = isUplink;
        _lanes = new PortLane[workerCount];
        for (int worker = 0; worker < workerCount; worker++)
            _lanes[worker] = new PortLane(port.OpenSendQueue(worker));
    }

    public int Index { get; }

    public IPort Port { get; }

    public bool IsUplink { get; }

    /// <summary>One worker's side of the port.</summary>
    internal PortLane Lane(int worker) => _lanes[worker];

    /// <summary>The counters of all workers, added up, and what was lost before it came to one, since they were last cleared.</summary>
    public PortCounters ReadCounters()
    {
        PortCounters sum = Sum();
        sum.Subtract(_cleared);
        return sum;
    }

    /// <summary>Lets the counters start from zero. The workers' own go on: what they held is remembered and subtracted.</summary>
    public void ClearCounters() => _cleared = Sum();

    private PortCounters Sum()
    {
        var sum = new PortCounters();
        sum.Drops(DropReason.RxOverrun) = Port.LostFrames;
        foreach (PortLane lane in _lanes)
            sum.Add(lane.Counters);
        return sum;
    }
}

/// <summary>One worker's side of a port: what it counts there, its way out, and the copies it is about to send.</summary>
internal sealed class PortLane(ISendQueue sendQueue)
{
    public PortCounters Counters { get; } = new();

    public ISendQueue SendQueue { get; } = sendQueue;

    public SendList Copies { get; } = new();
}

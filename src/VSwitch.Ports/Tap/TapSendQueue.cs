using VSwitch.Frames;
using VSwitch.Linux;

namespace VSwitch.Ports;

/// <summary>One worker's way into a TAP netdev: one writev(2) per wire frame.</summary>
internal sealed unsafe class TapSendQueue(TapPort port, int descriptor) : ISendQueue, IDisposable
{
    private readonly SendPlan _plan = new();
    private int _descriptor = descriptor;

    public void Send(FrameBatch batch, SendList list, PortCounters counters)
    {
        if (_descriptor < 0)
        {
            counters.Drops(DropReason.LinkDown) += (ulong)list.Count;
            return;
        }

        foreach (SendEntry entry in list.Entries)
        {
            while (!_plan.TryAdd(batch, entry, port.Offloads, port.MtuBytes, counters))
                Write(batch, counters);
        }
        Write(batch, counters);
    }

    public void Dispose()
    {
        if (_descriptor < 0)
            return;
        _descriptor = -1;
        _plan.Dispose();
    }

    private void Write(FrameBatch batch, PortCounters counters)
    {
        for (int i = 0; i < _plan.Count; i++)
        {
            ref WireFrame wire = ref _plan[i];
            int written = FrameIo.WriteV(_descriptor, wire.Segments, wire.SegmentCount);
            if (written < 0)
                wire.Failure = port.SendFailure(-written);
        }
        _plan.Settle(batch, counters);
        _plan.Clear();
    }
}

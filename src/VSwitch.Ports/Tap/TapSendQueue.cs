using VSwitch.Frames;
using VSwitch.Linux;

namespace VSwitch.Ports;

/// <summary>One worker's way into a TAP netdev: one writev(2) per wire frame.</summary>
/// <param name="port">Says what the netdev takes.</param>
/// <param name="queue">The queue whose descriptor this writes to.</param>
internal sealed unsafe class TapSendQueue(TapPort port, TapReceiveQueue queue) : ISendQueue, IDisposable
{
    private readonly SendPlan _plan = new();
    private bool _isClosed;

    public void Send(FrameBatch batch, SendList list, PortCounters counters)
    {
        if (_isClosed || queue.IsNetdevGone)
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
        if (_isClosed)
            return;
        _isClosed = true;
        _plan.Dispose();
    }

    private void Write(FrameBatch batch, PortCounters counters)
    {
        for (int i = 0; i < _plan.Count; i++)
        {
            ref WireFrame wire = ref _plan[i];
            int written = Write(ref wire, in batch[wire.FrameIndex]);
            if (written < 0)
                wire.Failure = SendErrors.Reason(-written);
        }
        _plan.Settle(batch, counters);
        _plan.Clear();
    }

    /// <summary>A frame that leaves as it came gets its virtio header put before it: write(2) costs less than writev(2).</summary>
    private int Write(ref readonly WireFrame wire, ref readonly Frame frame)
    {
        bool isWhole = wire.SegmentCount == 2 && wire.Segments[1].Data == frame.Data;
        if (!isWhole || frame.HeadroomBytes < Offload.HeaderSize)
            return FrameIo.WriteV(queue.WaitHandle, wire.Segments, wire.SegmentCount);

        byte* start = frame.Data - Offload.HeaderSize;
        *(Offload*)start = wire.Offload;
        return FrameIo.Write(queue.WaitHandle, start, Offload.HeaderSize + wire.Bytes);
    }
}

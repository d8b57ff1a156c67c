using VSwitch.Frames;
using VSwitch.Linux;

namespace VSwitch.Ports;

/// <summary>One worker's way into a TAP netdev: one write(2) or writev(2) per wire frame, or one system call for many (<see cref="TapBurst"/>).</summary>
/// <param name="port">Says what the netdev takes.</param>
/// <param name="queue">The queue whose descriptor this writes to.</param>
internal sealed unsafe class TapSendQueue(TapPort port, TapReceiveQueue queue) : ISendQueue, IDisposable
{
    private const int BurstFrames = FrameBatch.Capacity / 2;

    private readonly SendPlan _plan = new();
    private readonly TapBurst _burst = new(queue.WaitHandle);
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
        bool isBurst = _plan.Count >= BurstFrames;
        if (isBurst && _burst.Begin() is { } ring)
            WriteAtOnce(batch, ring);
        else
            WriteEach(batch);
        if (isBurst)
            _burst.End(_plan.Count);
        _plan.Settle(batch, counters);
        _plan.Clear();
    }

    private void WriteAtOnce(FrameBatch batch, IoRing ring)
    {
        for (int first = 0; first < _plan.Count; first += IoRing.CallCountMax)
        {
            int end = Math.Min(first + IoRing.CallCountMax, _plan.Count);
            for (int i = first; i < end; i++)
            {
                ref WireFrame wire = ref _plan[i];
                if (TryPutHeaderBefore(in wire, in batch[wire.FrameIndex], out byte* start))
                    ring.AddWrite(queue.WaitHandle, start, Offload.HeaderSize + wire.Bytes);
                else
                    ring.AddWriteV(queue.WaitHandle, wire.Segments, wire.SegmentCount);
            }
            ReadOnlySpan<int> results = ring.Run();
            for (int i = first; i < end; i++)
                Note(ref _plan[i], results[i - first]);
        }
    }

    private void WriteEach(FrameBatch batch)
    {
        for (int i = 0; i < _plan.Count; i++)
        {
            ref WireFrame wire = ref _plan[i];
            int written = TryPutHeaderBefore(in wire, in batch[wire.FrameIndex], out byte* start)
                ? FrameIo.Write(queue.WaitHandle, start, Offload.HeaderSize + wire.Bytes)
                : FrameIo.WriteV(queue.WaitHandle, wire.Segments, wire.SegmentCount);
            Note(ref wire, written);
        }
    }

    private static void Note(ref WireFrame wire, int written)
    {
        if (written < 0)
            wire.Failure = SendErrors.Reason(-written);
    }

    /// <summary>A frame that leaves as it came gets its virtio header put before it: write(2) costs less than writev(2).</summary>
    private static bool TryPutHeaderBefore(ref readonly WireFrame wire, ref readonly Frame frame, out byte* start)
    {
        start = frame.Data - Offload.HeaderSize;
        bool isWhole = wire.SegmentCount == 2 && wire.Segments[1].Data == frame.Data;
        if (!isWhole || frame.HeadroomBytes < Offload.HeaderSize)
            return false;

        *(Offload*)start = wire.Offload;
        return true;
    }
}

using VSwitch.Frames;

namespace VSwitch.Ports;

/// <summary>One worker's way out of a <see cref="MemoryPort"/>: the shortest use of a <see cref="SendPlan"/>.</summary>
internal sealed class MemorySendQueue(MemoryPort port, int worker) : ISendQueue, IDisposable
{
    private readonly SendPlan _plan = new();
    private bool _isClosed;

    public void Send(FrameBatch batch, SendList list, PortCounters counters)
    {
        if (_isClosed)
        {
            counters.Drops(DropReason.LinkDown) += (ulong)list.Count;
            return;
        }

        foreach (SendEntry entry in list.Entries)
        {
            while (!_plan.TryAdd(batch, entry, port.Offloads, port.MtuBytes, counters))
                Flush(batch, counters);
        }
        Flush(batch, counters);
    }

    public void Dispose()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _plan.Dispose();
    }

    private void Flush(FrameBatch batch, PortCounters counters)
    {
        for (int i = 0; i < _plan.Count; i++)
            _plan[i].Failure = port.Send(in _plan[i], worker);
        _plan.Settle(batch, counters);
        _plan.Clear();
    }
}

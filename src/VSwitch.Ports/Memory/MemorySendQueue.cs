using VSwitch.Frames;

namespace VSwitch.Ports;

/// <summary>One worker's way out of a <see cref="MemoryPort"/>: the shortest use of a <see cref="SendPlan"/>.</summary>
internal sealed class MemorySendQueue(MemoryPort port, int worker) : ISendQueue, IDisposable
{
    private readonly SendPlan _plan = new();

    public void Send(FrameBatch batch, SendList list, PortCounters counters)
    {
        foreach (SendEntry entry in list.Entries)
        {
            if (_plan.TryAdd(batch, entry, port.Offloads, port.MtuBytes, counters))
                continue;
            Flush(batch, counters);
            _plan.TryAdd(batch, entry, port.Offloads, port.MtuBytes, counters);
        }
        Flush(batch, counters);
    }

    public void Dispose() => _plan.Dispose();

    private void Flush(FrameBatch batch, PortCounters counters)
    {
        for (int i = 0; i < _plan.Count; i++)
            _plan[i].Failure = port.Send(in _plan[i], worker);
        _plan.Settle(batch, counters);
        _plan.Clear();
    }
}

using VSwitch.Frames;

namespace VSwitch.Ports;

/// <summary>
/// One worker's way into a stream. The VM's side takes no offloads, so the plan finishes checksums and cuts large frames
/// before they go out.
/// </summary>
internal sealed class StreamSendQueue(StreamPort port, StreamOutput output) : ISendQueue, IDisposable
{
    private readonly SendPlan _plan = new();
    private bool _isClosed;

    public void Send(FrameBatch batch, SendList list, PortCounters counters)
    {
        if (_isClosed || !output.IsConnected)
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
        if (_plan.Count == 0)
            return;
        output.Send(_plan);
        _plan.Settle(batch, counters);
        _plan.Clear();
    }
}

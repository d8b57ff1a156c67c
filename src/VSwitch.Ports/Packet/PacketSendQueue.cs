using VSwitch.Frames;
using VSwitch.Linux;

namespace VSwitch.Ports;

/// <summary>One worker's way out through a netdev: one sendmmsg(2) for a batch, unless the kernel refuses a frame.</summary>
internal sealed unsafe class PacketSendQueue(PacketPort port, int descriptor) : ISendQueue, IDisposable
{
    private readonly SendPlan _plan = new();
    private readonly MessageArray _messages = new(MessageCapacity);
    private int _descriptor = descriptor;

    /// <summary>Wire frames of one system call at most.</summary>
    private const int MessageCapacity = 64;

    public void Send(FrameBatch batch, SendList list, PortCounters counters)
    {
        // Without carrier the kernel throws frames away and calls it a success.
        if (_descriptor < 0 || !port.IsLinkUp)
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
        if (_descriptor < 0)
            return;
        _descriptor = -1;
        _plan.Dispose();
        _messages.Dispose();
    }

    private void Flush(FrameBatch batch, PortCounters counters)
    {
        for (int first = 0; first < _plan.Count; first += MessageCapacity)
            SendSome(first, Math.Min(_plan.Count - first, MessageCapacity));
        _plan.Settle(batch, counters);
        _plan.Clear();
    }

    /// <summary>A frame that the kernel refuses ends the call, and the next call starts behind it.</summary>
    private void SendSome(int first, int count)
    {
        for (int i = 0; i < count; i++)
        {
            ref WireFrame wire = ref _plan[first + i];
            _messages.Set(i, wire.Segments, wire.SegmentCount);
        }

        for (int next = 0; next < count;)
        {
            int sent = _messages.Send(_descriptor, next, count - next);
            if (sent < 0)
            {
                _plan[first + next].Failure = SendErrors.Reason(-sent);
                sent = 1;
            }
            next += sent;
        }
    }
}

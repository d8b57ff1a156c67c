using VSwitch.Frames;

namespace VSwitch.Ports.Tests;

/// <summary>The smallest switch there is: what comes in at one port leaves by the other, on a thread of its own.</summary>
internal sealed class TestBridge : IDisposable
{
    private readonly Thread _thread;
    private volatile bool _stopping;

    public TestBridge(IPort left, IPort right)
    {
        ISendQueue toLeft = left.OpenSendQueue(0);
        ISendQueue toRight = right.OpenSendQueue(0);
        left.Start();
        right.Start();
        _thread = new Thread(() =>
        {
            while (!_stopping)
            {
                Forward(left.ReceiveQueues[0], toRight, Right);
                Forward(right.ReceiveQueues[0], toLeft, Left);
            }
        });
        _thread.Start();
    }

    public PortCounters Left { get; } = new();

    public PortCounters Right { get; } = new();

    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
        _batch.Dispose();
    }

    private readonly FrameBatch _batch = new();
    private readonly SendList _copies = new();

    private void Forward(IReceiveQueue from, ISendQueue to, PortCounters counters)
    {
        _batch.Clear();
        if (from.Receive(_batch) == 0)
            return;
        TestFrames.Parse(_batch);
        for (ulong rest = _batch.Alive; rest != 0; rest &= rest - 1)
        {
            int index = FrameBatch.First(rest);
            ref readonly Frame frame = ref _batch[index];
            int tci = frame.HasOutOfBandTag ? frame.OutOfBandTci
                : frame.Headers.Has(Wire.ParseFlags.Tagged) ? frame.Headers.Tci : SendEntry.Untagged;
            _copies.Add(index, tci);
        }
        to.Send(_batch, _copies, counters);
        _copies.Clear();
        from.Release(_batch);
    }
}

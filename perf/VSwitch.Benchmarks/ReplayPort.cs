using VSwitch.Frames;
using VSwitch.Ports;

namespace VSwitch.Benchmarks;

/// <summary>
/// A port without another end: every receive lends the same batch of frames, and what is sent is planned, counted and
/// forgotten. What is left is the switch's own work.
/// </summary>
internal sealed class ReplayPort : IPort, IDisposable
{
    private const int TapMtuBytes = 1500;

    private readonly ReplayReceiveQueue _receiveQueue;
    private readonly PlanningSendQueue _sendQueue = new();

    /// <param name="frames">One batch; none for a port that only sends.</param>
    public ReplayPort(params IReadOnlyList<byte[]> frames)
    {
        _receiveQueue = new ReplayReceiveQueue(frames);
        ReceiveQueues = [_receiveQueue];
    }

    public PortKind Kind => PortKind.Memory;

    public string Name => "replay";

    public OffloadSet Offloads => OffloadSet.All;

    public int MtuBytes => TapMtuBytes;

    public bool IsLinkUp => true;

    public IReadOnlyList<IReceiveQueue> ReceiveQueues { get; }

    public ISendQueue OpenSendQueue(int worker) => _sendQueue;

    public void Start()
    {
    }

    public void Stop()
    {
    }

    public void Close() => Dispose();

    public void Dispose()
    {
        _receiveQueue.Dispose();
        _sendQueue.Dispose();
    }

    public void SetCarrier(bool up)
    {
    }

    /// <summary>Copies the descriptors of a batch that a memory port received once.</summary>
    private sealed class ReplayReceiveQueue : IReceiveQueue, IDisposable
    {
        private readonly MemoryPort _memory = new("replay");
        private readonly FrameBatch _frames = new();

        public ReplayReceiveQueue(IReadOnlyList<byte[]> frames)
        {
            _memory.Start();
            foreach (byte[] frame in frames)
                _memory.Inject(frame);
            _memory.ReceiveQueues[0].Receive(_frames);
        }

        public int WaitHandle => -1;

        public int Receive(FrameBatch batch)
        {
            for (int i = 0; i < _frames.Count; i++)
                batch.Add() = _frames[i];
            return _frames.Count;
        }

        public void Release(FrameBatch batch)
        {
        }

        public bool Arm() => false;

        public void Disarm()
        {
        }

        public void Dispose()
        {
            _memory.Close();
            _frames.Dispose();
        }
    }

    private sealed class PlanningSendQueue : ISendQueue, IDisposable
    {
        private readonly SendPlan _plan = new();

        public void Send(FrameBatch batch, SendList list, PortCounters counters)
        {
            foreach (SendEntry entry in list.Entries)
                _plan.TryAdd(batch, entry, OffloadSet.All, TapMtuBytes, counters);
            _plan.Settle(batch, counters);
            _plan.Clear();
        }

        public void Dispose() => _plan.Dispose();
    }
}

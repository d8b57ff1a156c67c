using VSwitch.Frames;

namespace VSwitch.Ports;

/// <summary>
/// A port whose wire is memory, for tests and simulation, and otherwise like any other. What a test injects is received;
/// what is sent is kept for the test to look at or, when two ports are joined, received by the other.
/// Injecting, looking and sending may happen on different threads; a lock keeps them apart, which no real port needs.
/// </summary>
public sealed unsafe class MemoryPort : IPort
{
    private readonly Lock _lock = new();
    private readonly MemoryReceiveQueue[] _receiveQueues;
    private readonly List<MemorySendQueue> _sendQueues = [];
    private List<SentFrame> _sent = [];
    private MemoryPort? _peer;
    private bool _isStarted;

    /// <param name="name">What the user calls it.</param>
    /// <param name="queues">Receive queues.</param>
    public MemoryPort(string name, int queues = 1)
    {
        Name = name;
        _receiveQueues = new MemoryReceiveQueue[queues];
        for (int i = 0; i < queues; i++)
            _receiveQueues[i] = new MemoryReceiveQueue();
    }

    public PortKind Kind => PortKind.Memory;

    public string Name { get; }

    public OffloadSet Offloads { get; set; } = OffloadSet.All;

    public int MtuBytes { get; set; } = 1500;

    public bool IsLinkUp { get; set; } = true;

    /// <summary>What <see cref="SetCarrier"/> said last.</summary>
    public bool HasCarrier { get; private set; } = true;

    /// <summary>What <see cref="AdjustToLoad"/> said last.</summary>
    public double? Load { get; private set; }

    public IReadOnlyList<IReceiveQueue> ReceiveQueues => _receiveQueues;

    /// <summary>
    /// Makes two ports each other's wire: what one sends, the other receives, on the queue of the sending worker's number.
    /// </summary>
    public static void Join(MemoryPort one, MemoryPort other)
    {
        one._peer = other;
        other._peer = one;
    }

    public ISendQueue OpenSendQueue(int worker)
    {
        MemorySendQueue queue = new(this, worker);
        _sendQueues.Add(queue);
        return queue;
    }

    public void Start() => _isStarted = true;

    public void Stop() => _isStarted = false;

    public void Close()
    {
        Stop();
        foreach (MemoryReceiveQueue queue in _receiveQueues)
            queue.Dispose();
        foreach (MemorySendQueue queue in _sendQueues)
            queue.Dispose();
    }

    public void SetCarrier(bool up)
    {
        HasCarrier = up;
        if (_peer != null)
            _peer.IsLinkUp = up;
    }

    public void AdjustToLoad(double load) => Load = load;

    /// <summary>Lets a frame come in.</summary>
    /// <param name="bytes">The frame from the destination address, without FCS: 65,600 bytes at most.</param>
    /// <param name="offload">What the sender left undone.</param>
    /// <param name="outOfBandTci">The TCI of a tag that was taken out of the bytes.</param>
    /// <param name="queue">Index of the receive queue.</param>
    /// <returns>False when the port is not started or the queue is full.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The frame is too long.</exception>
    public bool Inject(ReadOnlySpan<byte> bytes, Offload offload = default, int outOfBandTci = SendEntry.Untagged, int queue = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, MemoryReceiveQueue.SlotBytes, nameof(bytes));
        if (!_isStarted)
            return false;
        fixed (byte* data = bytes)
        {
            Segment segment = new() { Data = data, Bytes = (nuint)bytes.Length };
            return _receiveQueues[queue].Put(new(in segment), bytes.Length, offload, outOfBandTci) == DropReason.None;
        }
    }

    /// <summary>Takes what was sent since the last time, in order.</summary>
    public IReadOnlyList<SentFrame> TakeSent()
    {
        lock (_lock)
        {
            List<SentFrame> taken = _sent;
            _sent = [];
            return taken;
        }
    }

    /// <summary>Sends one frame: to the peer, or into the record.</summary>
    /// <returns>None, or why the frame could not be sent.</returns>
    internal DropReason Send(ref readonly WireFrame wire, int worker)
    {
        if (!IsLinkUp)
            return DropReason.LinkDown;
        return _peer != null ? _peer.Take(in wire, worker) : Record(in wire);
    }

    private DropReason Take(ref readonly WireFrame wire, int worker)
    {
        if (!_isStarted)
            return DropReason.LinkDown;
        return _receiveQueues[worker % _receiveQueues.Length]
            .Put(wire.FrameSegments, wire.Bytes, wire.Offload, SendEntry.Untagged);
    }

    private DropReason Record(ref readonly WireFrame wire)
    {
        byte[] bytes = new byte[wire.Bytes];
        wire.CopyTo(bytes);
        lock (_lock)
            _sent.Add(new SentFrame(bytes, wire.Offload));
        return DropReason.None;
    }
}

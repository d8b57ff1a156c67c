using VSwitch.Frames;
using VSwitch.Linux;

namespace VSwitch.Ports;

/// <summary>
/// One queue of a TAP netdev, read with one read(2) per frame: the virtio header and the frame behind it land in the
/// queue's arena, which puts the IP header on an 8-byte boundary. When the last batch was full, the next one may be read at
/// once (<see cref="TapBurst"/>). Epoll reports the descriptor for as long as frames are there, so arming has nothing to do.
/// </summary>
internal sealed unsafe class TapReceiveQueue(Tun tun) : IReceiveQueue, IDisposable
{
    private readonly ReceiveArena _arena = new();
    private readonly int _descriptor = tun.Descriptor.Number;
    private readonly TapBurst _burst = new(tun.Descriptor.Number);
    private bool _wasFull;
    private volatile bool _isNetdevGone;
    private bool _isClosed;

    public Tun Tun => tun;

    public int WaitHandle => _descriptor;

    /// <summary>The netdev was deleted; what is read from the queue is nothing, for ever.</summary>
    public bool IsNetdevGone => _isNetdevGone;

    public int Receive(FrameBatch batch)
    {
        if (_isClosed)
            return 0;

        int before = batch.Count;
        bool isBurst = _wasFull && before == 0 && _arena.TryMakeSlots(FrameBatch.Capacity);
        if (isBurst && _burst.Begin() is { } ring)
            ReceiveAtOnce(batch, ring);
        else
            ReceiveEach(batch);

        int received = batch.Count - before;
        if (received > 0)
            _arena.Lend(received);
        _wasFull = received == FrameBatch.Capacity;
        if (isBurst && _wasFull)
            _burst.End(received);
        return received;
    }

    public void Release(FrameBatch batch) => _arena.Release(batch.Count);

    public bool Arm() => false;

    public void Disarm()
    {
    }

    /// <summary>Throws away what came while nobody was to receive it: the kernel keeps as many as its queue holds.</summary>
    public void Drain()
    {
        while (FrameIo.Read(_descriptor, _arena.Next, ReceiveArena.SlotBytes) > 0)
        {
        }
    }

    public void Dispose()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _arena.Dispose();
        tun.Dispose();
    }

    private void ReceiveEach(FrameBatch batch)
    {
        while (batch.Room > 0 && _arena.HasRoom)
        {
            byte* slot = _arena.Next;
            int bytes = FrameIo.Read(_descriptor, slot, ReceiveArena.SlotBytes);
            if (!TryAdd(batch, slot, bytes))
                break;
            _arena.Keep(bytes);
        }
    }

    private void ReceiveAtOnce(FrameBatch batch, IoRing ring)
    {
        for (int i = 0; i < FrameBatch.Capacity; i++)
            ring.AddRead(_descriptor, _arena.Slot(i), ReceiveArena.SlotBytes);
        ReadOnlySpan<int> results = ring.Run();
        for (int i = 0; i < results.Length; i++)
        {
            if (TryAdd(batch, _arena.Slot(i), results[i]))
                _arena.KeepSlots(i + 1);
        }
    }

    private bool TryAdd(FrameBatch batch, byte* slot, int bytes)
    {
        if (bytes < Offload.HeaderSize)
        {
            if (bytes == -Errno.EBADFD)
                LoseNetdev();
            return false;
        }

        ref Frame frame = ref batch.Add();
        frame.Lend(slot + Offload.HeaderSize, bytes - Offload.HeaderSize, slot: 0);
        frame.Offload = *(Offload*)slot;
        frame.HeadroomBytes = Offload.HeaderSize;
        if (bytes == ReceiveArena.SlotBytes)
            DropTruncated(batch, ref frame);
        return true;
    }

    /// <summary>A deleted netdev would report its descriptor as ready for ever.</summary>
    private void LoseNetdev()
    {
        if (_isNetdevGone)
            return;
        _isNetdevGone = true;
        tun.Descriptor.Silence();
    }

    /// <summary>Nobody will parse it, so it gets empty headers here.</summary>
    private static void DropTruncated(FrameBatch batch, ref Frame frame)
    {
        frame.Headers = default;
        batch.Drop(batch.Count - 1, DropReason.Oversize);
    }
}

using VSwitch.Frames;
using VSwitch.Linux;

namespace VSwitch.Ports;

/// <summary>
/// A ring of slots, each with room for the largest frame. A slot is filled by whoever sends, lent to a batch by
/// <see cref="Receive"/> and free again after <see cref="Release"/>, in that order around the ring. Positions only grow; a
/// position modulo <see cref="SlotCount"/> is a slot. When the port closes while slots are lent, the last release frees them.
/// </summary>
internal sealed unsafe class MemoryReceiveQueue : IReceiveQueue, IDisposable
{
    /// <summary>A 64 KB GSO frame with room for headers, and no power of two so that slots do not share cache sets.</summary>
    public const int SlotBytes = 65_600;

    private const int SlotCount = 256;

    private readonly Lock _lock = new();
    private readonly MemoryMap _memory = MemoryMap.Anonymous((long)SlotCount * SlotBytes);
    private readonly Arrival[] _arrivals = new Arrival[SlotCount];
    private readonly EventFd _wakeUp = new();
    private ulong _filled;
    private ulong _lent;
    private ulong _released;
    private bool _isArmed;
    private bool _isClosed;

    public int WaitHandle => _wakeUp.Number;

    public int Receive(FrameBatch batch)
    {
        lock (_lock)
        {
            int count = (int)Math.Min(_filled - _lent, (ulong)batch.Room);
            for (int i = 0; i < count; i++)
                Lend(ref batch.Add());
            return count;
        }
    }

    public void Release(FrameBatch batch)
    {
        lock (_lock)
        {
            _released += (ulong)batch.Count;
            FreeIfUnused();
        }
    }

    public bool Arm()
    {
        lock (_lock)
        {
            _isArmed = _filled == _lent;
            return !_isArmed;
        }
    }

    public void Disarm()
    {
        lock (_lock)
        {
            _isArmed = false;
            if (!_isClosed)
                _wakeUp.Drain();
        }
    }

    /// <summary>Copies a frame into the next free slot.</summary>
    /// <returns>None, or why it could not be taken.</returns>
    public DropReason Put(ReadOnlySpan<Segment> segments, int bytes, in Offload offload, int outOfBandTci)
    {
        if (bytes > SlotBytes)
            return DropReason.SendFailed;

        lock (_lock)
        {
            if (_isClosed)
                return DropReason.LinkDown;
            if (_filled - _released == SlotCount)
                return DropReason.RingFull;

            Span<byte> slot = new(SlotData(_filled), SlotBytes);
            foreach (ref readonly Segment segment in segments)
            {
                segment.Span.CopyTo(slot);
                slot = slot[(int)segment.Bytes..];
            }
            _arrivals[_filled % SlotCount] = new Arrival(bytes, offload, outOfBandTci);
            _filled++;

            if (_isArmed)
                _wakeUp.Signal();
            _isArmed = false;
            return DropReason.None;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            _filled = _lent;
            _wakeUp.Dispose();
            FreeIfUnused();
        }
    }

    private void Lend(ref Frame frame)
    {
        Arrival arrival = _arrivals[_lent % SlotCount];
        frame.Lend(SlotData(_lent), arrival.Bytes, slot: (int)(_lent % SlotCount));
        frame.Offload = arrival.Offload;
        frame.HasOutOfBandTag = arrival.OutOfBandTci != SendEntry.Untagged;
        frame.OutOfBandTci = frame.HasOutOfBandTag ? (ushort)arrival.OutOfBandTci : (ushort)0;
        _lent++;
    }

    private void FreeIfUnused()
    {
        if (_isClosed && _released == _lent)
            _memory.Dispose();
    }

    private byte* SlotData(ulong position) => _memory.Data + position % SlotCount * SlotBytes;

    private record struct Arrival(int Bytes, Offload Offload, int OutOfBandTci);
}

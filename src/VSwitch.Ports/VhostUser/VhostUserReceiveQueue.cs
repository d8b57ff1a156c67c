using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VSwitch.Frames;
using VSwitch.Linux;
using VSwitch.Ports.VhostUser;
using VSwitch.Wire;

namespace VSwitch.Ports;

/// <summary>
/// One transmit ring of a guest, which is a receive queue of ours. Frames are lent where they lie, in guest memory, and the
/// guest gets them back when they are released, in the order in which they came. The worker is inside the ring's gate
/// from the first frame that it lends until the last one is released.
/// </summary>
internal sealed unsafe class VhostUserReceiveQueue : IReceiveQueue, IDisposable
{
    /// <summary>The mark of a frame that is not from the ring.</summary>
    private const int NoSlot = -1;

    private readonly WakeSet _wakeUp = new();
    private readonly ChainLender _lender = new();
    private readonly Arrival* _arrivals = (Arrival*)NativeMemory.AlignedAlloc((nuint)(FrameBatch.Capacity * sizeof(Arrival)), 64);
    private readonly byte* _announcementFrame = (byte*)NativeMemory.AlignedAlloc(RarpAnnouncement.FrameBytes, 64);
    private volatile GuestRing? _ring;
    private SharedEvent? _kick;
    private volatile bool _isStarted;
    private ulong _announcement;
    private GuestRing? _entered;
    private GuestRing? _polled;
    private int _lent;
    private int _announced;
    private bool _isClosed;

    public int WaitHandle => _wakeUp.Number;

    public int Receive(FrameBatch batch)
    {
        int received = Volatile.Read(ref _announcement) != 0 ? ReceiveAnnouncement(batch) : 0;
        GuestRing? ring = _ring;
        if (ring is null || !_isStarted || !TryEnter(ring))
            return received;

        int lent = ReceiveFrom(ring, batch);
        _lent += lent;
        if (_lent == 0)
            Leave(ring);
        return received + lent;
    }

    public void Release(FrameBatch batch)
    {
        int count = 0;
        if (_entered is { } ring)
        {
            bool isWanted = !ring.Gate.IsAbandoned;
            for (int i = 0; i < batch.Count; i++)
            {
                int slot = batch[i].Slot;
                if (slot == NoSlot)
                    continue;
                if (isWanted)
                    ring.Use(count, (ushort)slot, bytes: 0);
                count++;
            }
            if (isWanted && count > 0)
                ring.Publish(count);
            _lent -= count;
            ring.CheckMemory();
            if (_lent == 0)
                Leave(ring);
        }
        _announced -= batch.Count - count;
        if (_lent > 0)
            return;
        _lender.Clear();
        if (_isClosed && _announced == 0)
            Free();
    }

    public bool Arm()
    {
        if (_isClosed)
            return false;
        _wakeUp.Drain();
        if (!_isStarted)
            return false;
        if (Volatile.Read(ref _announcement) != 0)
            return true;
        GuestRing? ring = _ring;
        if (ring is null || !TryEnter(ring))
            return false;

        ring.WantKicks();
        bool isThere = ring.CountAvailable() > 0;
        if (isThere)
            ring.WantNoKicks();
        else
            _polled = null;
        if (_lent == 0)
            Leave(ring);
        return isThere;
    }

    public void Disarm()
    {
        if (!_isClosed)
            _wakeUp.Drain();
    }

    /// <summary>The control thread's: what the queue receives from now on, and what wakes it; null for nothing.</summary>
    public void Bind(GuestRing? ring, SharedEvent? kick)
    {
        if (_kick is { } old)
            _wakeUp.Remove(old.Number);
        _kick = kick;
        _ring = ring;
        if (kick is not null)
            _wakeUp.Add(kick.Number);
        if (!_isClosed)
            _wakeUp.Signal();
    }

    /// <summary>The control thread's: lets the queue receive a RARP frame by a station that has moved here.</summary>
    public void Announce(MacAddress station)
    {
        const ulong isSet = 1UL << 63;
        Volatile.Write(ref _announcement, station.Value | isSet);
        _wakeUp.Signal();
    }

    /// <summary>Lets frames in. Those that are there already are given back unread.</summary>
    public void Start()
    {
        if (_ring is { } ring && TryEnter(ring))
        {
            int count = Math.Min(ring.CountAvailable(), (int)ring.EntryCount);
            int peeked = 0;
            while (peeked < count && ring.TryPeek(peeked, out ushort head))
                ring.Use(peeked++, head, bytes: 0);
            if (peeked > 0)
            {
                ring.Take(peeked);
                ring.Publish(peeked);
            }
            Leave(ring);
        }
        _isStarted = true;
        _wakeUp.Signal();
    }

    public void Stop() => _isStarted = false;

    /// <summary>Frames may still be lent: then the last release gives the memory back.</summary>
    public void Dispose()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _isStarted = false;
        _wakeUp.Dispose();
        if (_lent == 0 && _announced == 0)
            Free();
    }

    /// <summary>Enters a ring, unless frames of another are still lent or this one is to be left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryEnter(GuestRing ring)
    {
        if (ring.Fault != VhostUserFault.None)
            return false;
        if (_entered is not null)
            return _entered == ring && !ring.Gate.IsClosing;
        if (!ring.Gate.TryEnter())
            return false;
        _entered = ring;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Leave(GuestRing ring)
    {
        _entered = null;
        ring.Leave();
    }

    private int ReceiveFrom(GuestRing ring, FrameBatch batch)
    {
        if (_polled != ring)
        {
            ring.WantNoKicks();
            _polled = ring;
        }

        int count = Look(ring, Math.Min(ring.CountAvailable(), batch.Room));
        int taken = 0;
        while (taken < count && TryLend(ring, batch, in _arrivals[taken]))
            taken++;
        if (taken > 0)
            ring.Take(taken);
        ring.CheckMemory();
        return taken;
    }

    /// <summary>
    /// Reads the descriptors of the chains that are there, and asks the processor for what the next step reads: another
    /// one wrote it, so each line comes from afar. Chains of one descriptor, which is most of them, are translated here.
    /// </summary>
    /// <returns>Chains whose heads are right.</returns>
    private int Look(GuestRing ring, int count)
    {
        RingDescriptor* descriptors = ring.Descriptors;
        for (int i = 0; i < count; i++)
        {
            if (!ring.TryPeek(i, out _arrivals[i].Head))
                count = i;
            else
                Bytes.Prefetch(descriptors + _arrivals[i].Head);
        }

        uint headerBytes = (uint)ring.HeaderBytes;
        for (int i = 0; i < count; i++)
        {
            ref Arrival arrival = ref _arrivals[i];
            RingDescriptor descriptor = descriptors[arrival.Head];
            bool isSimple = descriptor.Flags == RingDescriptorFlags.None && descriptor.Bytes - headerBytes <= ChainLender.FrameBytesMax;
            arrival.Data = isSimple ? ring.Translate(descriptor.Address, descriptor.Bytes) : null;
            arrival.Bytes = (int)descriptor.Bytes;
            Bytes.Prefetch(arrival.Data);
            Bytes.Prefetch(arrival.Data + 64);
        }
        return count;
    }

    /// <summary>Lends the frame of one chain; false when there is no room for its pieces, or after a fault.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryLend(GuestRing ring, FrameBatch batch, ref readonly Arrival arrival)
    {
        byte* data = arrival.Data;
        if (data == null)
            return _lender.TryLend(ring, batch, arrival.Head);

        int headerBytes = ring.HeaderBytes;
        ref Frame frame = ref batch.Add();
        frame.Lend(data + headerBytes, arrival.Bytes - headerBytes, arrival.Head);
        if (*(ushort*)data != 0)
        {
            frame.Offload = *(Offload*)data;
            frame.Offload.Flags &= OffloadFlags.NeedsChecksum;
        }
        return true;
    }

    private int ReceiveAnnouncement(FrameBatch batch)
    {
        if (batch.Room == 0 || _announced > 0 || !_isStarted)
            return 0;
        var station = new MacAddress(Interlocked.Exchange(ref _announcement, 0) & 0xFFFF_FFFF_FFFF);
        RarpAnnouncement.Write(new Span<byte>(_announcementFrame, RarpAnnouncement.FrameBytes), station);
        batch.Add().Lend(_announcementFrame, RarpAnnouncement.FrameBytes, NoSlot);
        _announced++;
        return 1;
    }

    private void Free()
    {
        _lender.Dispose();
        NativeMemory.AlignedFree(_arrivals);
        NativeMemory.AlignedFree(_announcementFrame);
    }

    /// <summary>A chain that has come: where its buffer is, if it is one buffer.</summary>
    private struct Arrival
    {
        public byte* Data;
        public int Bytes;
        public ushort Head;
    }
}

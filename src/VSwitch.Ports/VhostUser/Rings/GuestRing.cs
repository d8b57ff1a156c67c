using System.Runtime.CompilerServices;
using VSwitch.Frames;
using VSwitch.Linux;

namespace VSwitch.Ports.VhostUser;

/// <summary>
/// A running split virtqueue (virtio 1.2 section 2.7), seen from the device. What the front end can change is fixed when
/// the ring is made: a change closes this one and makes another, so that workers find all of it in step. Indices and counts
/// belong to the worker that has entered the <see cref="Gate"/>.
/// <para>
/// Every number here that the guest writes is read once, into a local, and checked before it is used. What does not pass
/// is a fault: the ring is not used again, and the control thread closes the device.
/// </para>
/// </summary>
internal sealed unsafe class GuestRing
{
    /// <summary>The commonest mistake of all; QEMU itself says nothing of it.</summary>
    private const string NoMemory = "; the VM shares no memory, QEMU wants: memory-backend-memfd,...,share=on";

    public const uint EntryCountMax = 32768;

    /// <summary>Of the virtio_net_hdr without num_buffers.</summary>
    public const int HeaderBytesShort = Offload.HeaderSize;

    /// <summary>Of the virtio_net_hdr with num_buffers.</summary>
    public const int HeaderBytesLong = Offload.HeaderSize + sizeof(ushort);

    private readonly VhostUserPort _port;
    private readonly ChainReader _chains;
    private readonly RingTracker? _tracker;
    private readonly SharedEvent? _call;
    private readonly ushort* _available;
    private readonly byte* _used;
    private readonly bool _hasEventIndex;
    private readonly ushort[] _resubmitted = [];
    private int _resubmittedLeft;
    private ushort _signalled;
    private VhostUserFault _fault;

    public RingGate Gate;

    /// <param name="port">Told of faults.</param>
    /// <param name="setup">Complete.</param>
    /// <param name="device">What the setup's ring shares with the device's others.</param>
    /// <exception cref="VhostUserException">The ring does not lie where the setup says.</exception>
    public GuestRing(VhostUserPort port, RingSetup setup, in DeviceState device)
    {
        _port = port;
        Memory = device.Memory;
        Mask = setup.EntryCount - 1;
        RingAddressMessage address = setup.Address;
        byte* descriptors = Locate(address.Descriptors, RingLayout.DescriptorsBytes(EntryCount), RingLayout.DescriptorAlignment);
        _available = (ushort*)Locate(address.Available, RingLayout.AvailableBytes(EntryCount), RingLayout.AvailableAlignment);
        _used = Locate(address.Used, RingLayout.UsedBytes(EntryCount), RingLayout.UsedAlignment);

        VirtioFeatures features = device.Features;
        IsMergeable = features.HasFlag(VirtioFeatures.MergeableBuffers);
        HeaderBytes = IsMergeable || features.HasFlag(VirtioFeatures.Version1) ? HeaderBytesLong : HeaderBytesShort;
        _hasEventIndex = features.HasFlag(VirtioFeatures.EventIndex);
        bool hasIndirect = features.HasFlag(VirtioFeatures.IndirectDescriptors);
        _chains = new ChainReader(Memory, (RingDescriptor*)descriptors, EntryCount, hasIndirect);

        NextUsed = Volatile.Read(ref UsedIndex);
        NextAvailable = NextUsed;
        _signalled = NextUsed;
        _tracker = RingTracker.Open(setup, in device, NextUsed);
        if (_tracker is not null)
        {
            _resubmitted = _tracker.Resubmitted;
            _resubmittedLeft = _resubmitted.Length;
            NextAvailable += (ushort)_resubmittedLeft;
        }

        _call = setup.Call;
        _call?.AddHolder();
        Memory.AddHolder();
    }

    public GuestMemory Memory { get; }

    /// <summary>The number of entries, a power of two, less one.</summary>
    public uint Mask { get; }

    public uint EntryCount => Mask + 1;

    /// <summary>Of the virtio_net_hdr, as the features have it.</summary>
    public int HeaderBytes { get; }

    /// <summary>Whether a frame may take several chains.</summary>
    public bool IsMergeable { get; }

    /// <summary>Whether what is written and taken has to be noted.</summary>
    public bool IsTracked => _tracker is not null;

    public ushort NextAvailable { get; private set; }

    public ushort NextUsed { get; private set; }

    public VhostUserFault Fault => _fault;

    public RingDescriptor* Descriptors => _chains.Descriptors;

    private ref ushort UsedFlags => ref *(ushort*)_used;

    private ref ushort UsedIndex => ref *(ushort*)(_used + RingLayout.IndexOffset);

    private ulong* UsedEntries => (ulong*)(_used + RingLayout.EntriesOffset);

    private ushort* AvailableEntries => _available + RingLayout.EntriesOffset / sizeof(ushort);

    /// <summary>Where the guest says at which used index it wants to be interrupted.</summary>
    private ref ushort UsedEvent => ref AvailableEntries[EntryCount];

    /// <summary>Where we say at which available index we want to be kicked.</summary>
    private ref ushort AvailableEvent => ref *(ushort*)(UsedEntries + EntryCount);

    private bool IsMemoryBroken => Memory.IsBroken || (_tracker?.IsBroken ?? false);

    /// <summary>Counts the chains that are there to be taken. One read of memory that the guest writes.</summary>
    /// <returns>Chains; 0 after a fault.</returns>
    public int CountAvailable()
    {
        ushort count = (ushort)(Volatile.Read(ref _available[1]) - NextAvailable);
        if (count <= EntryCount)
            return count + _resubmittedLeft;
        Fail(VhostUserFault.IndexJump);
        return 0;
    }

    /// <summary>The head of a chain that is there, by its place after those that were taken.</summary>
    /// <returns>False after a fault.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPeek(int place, out ushort head)
    {
        head = AvailableEntries[(NextAvailable + (uint)place) & Mask];
        if (head <= Mask && _resubmittedLeft == 0)
            return true;
        return TryPeekSlowly(place, ref head);
    }

    /// <summary>Takes chains, the first ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(int count)
    {
        if (_tracker is not null)
            count -= TakeTracked(_tracker, count);
        NextAvailable += (ushort)count;
    }

    /// <summary>Translates a buffer; null unless it is within one region.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Translate(ulong address, ulong bytes) => _chains.Translate(address, bytes);

    /// <summary>Gathers the buffers of a chain: see <see cref="ChainReader.Gather"/>.</summary>
    /// <returns>Segments; negative after a fault; or <see cref="ChainReader.TooMany"/>.</returns>
    public int Gather(ushort head, bool isWritable, Segment* segments, int capacity, ref int budget, out ulong bytes)
    {
        int count = _chains.Gather(head, isWritable, segments, capacity, ref budget, out bytes);
        if (count < 0 && count != ChainReader.TooMany)
            Fail((VhostUserFault)(-count));
        return count;
    }

    /// <summary>Gives a chain back: writes the used entry at a place after those that the guest has been told of.</summary>
    /// <param name="place">From zero.</param>
    /// <param name="head">Of the chain.</param>
    /// <param name="bytes">That were written into its buffers.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Use(int place, ushort head, uint bytes) =>
        UsedEntries[(NextUsed + (uint)place) & Mask] = head | (ulong)bytes << 32;

    /// <summary>Tells the guest of used entries, and wakes it if it wants that.</summary>
    public void Publish(int count)
    {
        if (_tracker is not null)
            PublishTracked(_tracker, count);
        else
            Volatile.Write(ref UsedIndex, (ushort)(NextUsed + count));
        NextUsed += (ushort)count;
        Notify();
    }

    /// <summary>Marks bytes of a buffer as written, if somebody keeps a log.</summary>
    public void MarkWritten(byte* data, nuint bytes)
    {
        if (_tracker is not null && !_tracker.TryMark(data, bytes))
            Fail(VhostUserFault.BadLog);
    }

    /// <summary>Asks the guest for a kick when it makes the next chain available. The caller looks again afterwards.</summary>
    public void WantKicks()
    {
        if (_hasEventIndex)
            Volatile.Write(ref AvailableEvent, NextAvailable);
        else
            Volatile.Write(ref UsedFlags, 0);
        Interlocked.MemoryBarrier();
    }

    /// <summary>
    /// Asks the guest for no kicks. With the event index there is nothing to do: the guest kicks when it passes the index
    /// that was asked for, which is behind it now.
    /// </summary>
    public void WantNoKicks()
    {
        if (!_hasEventIndex)
            Volatile.Write(ref UsedFlags, RingLayout.NoKick);
    }

    /// <summary>Wakes the guest whether it wants that or not: nobody knows what it was told before the ring was made.</summary>
    public void NotifyAnyway() => _call?.Signal();

    /// <summary>Looks whether memory went away under the worker.</summary>
    public void CheckMemory()
    {
        if (IsMemoryBroken)
            Fail(VhostUserFault.MemoryTruncated);
    }

    /// <summary>Leaves the gate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Leave()
    {
        if (Gate.Leave(forGood: _fault != VhostUserFault.None))
            GiveBack();
    }

    /// <summary>The control thread's: lets nobody in any more.</summary>
    /// <param name="waits">Whether the caller waits until <see cref="RingGate.IsClosed"/>.</param>
    public void Close(bool waits)
    {
        if (Gate.Close(waits))
            GiveBack();
    }

    /// <summary>Notes a fault; the first one counts. What is wrong because memory went away is called that.</summary>
    /// <returns>-1.</returns>
    public int Fail(VhostUserFault fault)
    {
        if (_fault == VhostUserFault.None)
        {
            _fault = IsMemoryBroken ? VhostUserFault.MemoryTruncated : fault;
            _port.ReportFault();
        }
        return -1;
    }

    private byte* Locate(ulong address, ulong bytes, ulong alignment)
    {
        byte* data = address % alignment == 0 ? Memory.TranslateUser(address, bytes) : null;
        return data != null && (ulong)data % alignment == 0
            ? data
            : throw new VhostUserException(VhostUserFault.BadRingAddress,
                $"{bytes} bytes of a ring at {address:x}{(Memory.HasRegions ? "" : NoMemory)}");
    }

    /// <summary>A chain of the back end before us, or a head that is wrong.</summary>
    private bool TryPeekSlowly(int place, ref ushort head)
    {
        if (place < _resubmittedLeft)
        {
            head = _resubmitted[_resubmitted.Length - _resubmittedLeft + place];
            return true;
        }
        head = AvailableEntries[(NextAvailable + (uint)(place - _resubmittedLeft)) & Mask];
        return head <= Mask || Fail(VhostUserFault.BadHead) == 0;
    }

    /// <returns>How many of the chains came from the back end before us.</returns>
    private int TakeTracked(RingTracker tracker, int count)
    {
        for (int place = 0; place < count; place++)
        {
            if (TryPeek(place, out ushort head))
                tracker.Take(head);
        }
        int resubmitted = Math.Min(count, _resubmittedLeft);
        _resubmittedLeft -= resubmitted;
        return resubmitted;
    }

    private void PublishTracked(RingTracker tracker, int count)
    {
        for (uint place = 0; place < count; place++)
            tracker.Prepare(UsedHead(place));
        Volatile.Write(ref UsedIndex, (ushort)(NextUsed + count));
        for (uint place = 0; place < count; place++)
            tracker.Finish(UsedHead(place));
        if (!tracker.TrySettle(NextUsed, count, Mask))
            Fail(VhostUserFault.BadLog);
    }

    /// <summary>The head is read back from memory that the guest writes too, so it is held to the table's size.</summary>
    private ushort UsedHead(uint place) => (ushort)(UsedEntries[(NextUsed + place) & Mask] & Mask);

    /// <summary>
    /// Interrupts the guest if it asked for that (virtio 1.2 sections 2.7.7 and 2.7.10). The barrier keeps the question
    /// behind the index: either the guest sees the index before it sleeps, or we see that it sleeps.
    /// </summary>
    private void Notify()
    {
        Interlocked.MemoryBarrier();
        bool isWanted;
        if (_hasEventIndex)
        {
            ushort wanted = Volatile.Read(ref UsedEvent);
            isWanted = (ushort)(NextUsed - wanted - 1) < (ushort)(NextUsed - _signalled);
            _signalled = NextUsed;
        }
        else
        {
            isWanted = (Volatile.Read(ref _available[0]) & RingLayout.NoInterrupt) == 0;
        }
        if (isWanted)
            _call?.Signal();
    }

    private void GiveBack()
    {
        _call?.RemoveHolder();
        Memory.RemoveHolder();
        _tracker?.Close();
    }
}

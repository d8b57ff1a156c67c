using System.Runtime.CompilerServices;
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
    public const uint EntryCountMax = 32768;

    /// <summary>Descriptors of one indirect table at most; guests use some twenty.</summary>
    private const uint IndirectCountMax = 1024;

    private readonly VhostUserPort _port;
    private readonly RingDescriptor* _descriptors;
    private readonly ushort* _available;
    private readonly byte* _used;
    private readonly ulong _usedLogAddress;
    private readonly SharedEvent? _call;
    private readonly DirtyLog? _log;
    private readonly InflightArea? _inflightArea;
    private readonly InflightPart _inflight;
    private readonly bool _hasEventIndex;
    private readonly bool _hasIndirect;
    private readonly bool _logsRing;

    private readonly ushort[] _resubmitted = [];
    private int _resubmittedLeft;
    private ulong _inflightCounter;
    private GuestWindow _window;
    private ushort _signalled;
    private VhostUserFault _fault;

    public RingGate Gate;

    /// <param name="port">Told of faults.</param>
    /// <param name="setup">Complete and checked.</param>
    /// <param name="device">What the setup's ring shares with the device's others.</param>
    public GuestRing(VhostUserPort port, RingSetup setup, in DeviceState device)
    {
        _port = port;
        Memory = device.Memory;
        EntryCount = setup.EntryCount;
        Mask = setup.EntryCount - 1;
        RingAddressMessage address = setup.Address;
        _descriptors = (RingDescriptor*)Locate(address.Descriptors, RingLayout.DescriptorsBytes(EntryCount), RingLayout.DescriptorAlignment);
        _available = (ushort*)Locate(address.Available, RingLayout.AvailableBytes(EntryCount), RingLayout.AvailableAlignment);
        _used = Locate(address.Used, RingLayout.UsedBytes(EntryCount), RingLayout.UsedAlignment);
        _usedLogAddress = address.Log;

        VirtioFeatures features = device.Features;
        IsMergeable = features.HasFlag(VirtioFeatures.MergeableBuffers);
        HeaderBytes = IsMergeable || features.HasFlag(VirtioFeatures.Version1) ? 12 : 10;
        _hasEventIndex = features.HasFlag(VirtioFeatures.EventIndex);
        _hasIndirect = features.HasFlag(VirtioFeatures.IndirectDescriptors);

        NextUsed = Volatile.Read(ref UsedIndex);
        NextAvailable = NextUsed;
        _signalled = NextUsed;
        if (features.HasFlag(VirtioFeatures.LogAll))
            _log = device.Log;
        _logsRing = _log is not null && (address.Flags & RingAddressMessage.LogFlag) != 0;
        if (device.Inflight is { } area)
        {
            _inflightArea = area;
            _inflight = area.Part(setup.Index, EntryCount);
            _resubmitted = _inflight.Recover(NextUsed, out _inflightCounter);
            _resubmittedLeft = _resubmitted.Length;
            NextAvailable += (ushort)_resubmittedLeft;
        }

        _call = setup.Call;
        _call?.AddHolder();
        Memory.AddHolder();
        _log?.AddHolder();
        _inflightArea?.AddHolder();
    }

    public GuestMemory Memory { get; }

    public uint EntryCount { get; }

    public uint Mask { get; }

    /// <summary>Of the virtio_net_hdr: 12 with num_buffers, 10 without.</summary>
    public int HeaderBytes { get; }

    /// <summary>Whether a frame may take several chains.</summary>
    public bool IsMergeable { get; }

    /// <summary>Whether what is written into buffers has to be logged, or in-flight chains noted.</summary>
    public bool IsTracked => _log is not null || _inflightArea is not null;

    public ushort NextAvailable { get; private set; }

    public ushort NextUsed { get; private set; }

    public VhostUserFault Fault => _fault;

    public RingDescriptor* Descriptors => _descriptors;

    private bool IsMemoryBroken => Memory.IsBroken || (_log?.IsBroken ?? false) || (_inflightArea?.IsBroken ?? false);

    private ref ushort UsedIndex => ref *(ushort*)(_used + RingLayout.IndexOffset);

    private ulong* UsedEntries => (ulong*)(_used + RingLayout.EntriesOffset);

    private ushort* AvailableEntries => _available + RingLayout.EntriesOffset / sizeof(ushort);

    /// <summary>Where the guest says at which used index it wants to be interrupted.</summary>
    private ref ushort UsedEvent => ref AvailableEntries[EntryCount];

    /// <summary>Where we say at which available index we want to be kicked.</summary>
    private ref ushort AvailableEvent => ref *(ushort*)(UsedEntries + EntryCount);

    private ref ushort UsedFlags => ref *(ushort*)_used;

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
        if (IsTracked)
            count -= TakeTracked(count);
        NextAvailable += (ushort)count;
    }

    /// <summary>Translates a buffer; null unless it is within one region.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Translate(ulong address, ulong bytes)
    {
        byte* data = _window.Translate(address, bytes);
        return data != null ? data : TranslateElsewhere(address, bytes);
    }

    /// <summary>Gathers the buffers of a chain.</summary>
    /// <param name="head">Checked.</param>
    /// <param name="writable">Which of the two kinds all of them must be.</param>
    /// <param name="segments">Receives them, as they are mapped.</param>
    /// <param name="capacity">Segments at most.</param>
    /// <param name="bytes">Receives their length, all together.</param>
    /// <returns>Segments; -1 after a fault; -2 when there are more than the capacity.</returns>
    public int Gather(ushort head, bool writable, Frames.Segment* segments, int capacity, out ulong bytes)
    {
        RingDescriptorFlags direction = writable ? RingDescriptorFlags.Write : RingDescriptorFlags.None;
        RingDescriptor* table = _descriptors;
        uint entries = EntryCount;
        uint index = head;
        int count = 0;
        bytes = 0;
        for (uint left = EntryCount; left > 0; left--)
        {
            RingDescriptor descriptor = table[index];
            if ((descriptor.Flags & RingDescriptorFlags.Indirect) != 0)
            {
                table = EnterIndirect(in descriptor, isNested: table != _descriptors, out entries);
                if (table == null)
                    return Fail(VhostUserFault.BadIndirect);
                index = 0;
                left = entries + 1;
                continue;
            }

            if ((descriptor.Flags & RingDescriptorFlags.Write) != direction)
                return Fail(VhostUserFault.BadDescriptor);
            int added = Append(in descriptor, segments + count, capacity - count);
            if (added < 0)
                return added;
            count += added;
            bytes += descriptor.Bytes;

            if ((descriptor.Flags & RingDescriptorFlags.Next) == 0)
                return count;
            index = descriptor.Next;
            if (index >= entries)
                return Fail(VhostUserFault.BadDescriptor);
        }
        return Fail(VhostUserFault.ChainLoop);
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
        if (_inflightArea is not null)
            PrepareInflight(count);
        ushort first = NextUsed;
        NextUsed += (ushort)count;
        Volatile.Write(ref UsedIndex, NextUsed);
        if (_inflightArea is not null)
            FinishInflight(count);
        if (_logsRing)
            MarkUsed(first, count);
        Notify();
    }

    /// <summary>Marks bytes of a buffer as written, if somebody keeps a log.</summary>
    public void MarkWritten(byte* data, nuint bytes)
    {
        if (_log is not null && bytes > 0 && !_log.TryMark(Memory.GuestAddress(data), bytes))
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
            _port.ReportFault(this);
        }
        return -1;
    }

    private byte* Locate(ulong address, ulong bytes, ulong alignment)
    {
        byte* data = address % alignment == 0 ? Memory.TranslateUser(address, bytes) : null;
        return data != null && (ulong)data % alignment == 0
            ? data
            : throw new VhostUserException(VhostUserFault.BadRingAddress, $"{bytes} bytes of a ring at {address:x}");
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

    private byte* TranslateElsewhere(ulong address, ulong bytes)
    {
        if (!Memory.TryFind(address, out GuestWindow window))
            return null;
        _window = window;
        return window.Translate(address, bytes);
    }

    /// <summary>A buffer that goes on from one region into the next is as many segments.</summary>
    private int Append(in RingDescriptor descriptor, Frames.Segment* segments, int capacity)
    {
        const int TooMany = -2;
        ulong address = descriptor.Address;
        ulong left = descriptor.Bytes;
        int count = 0;
        while (left > 0)
        {
            if (count == capacity)
                return TooMany;
            if (_window.Translate(address, 1) == null && TranslateElsewhere(address, 1) == null)
                return Fail(VhostUserFault.BadAddress);
            ulong run = Math.Min(left, _window.Bytes - (address - _window.Start));
            segments[count].Data = _window.Translate(address, run);
            segments[count].Bytes = (nuint)run;
            count++;
            address += run;
            left -= run;
        }
        return count;
    }

    private RingDescriptor* EnterIndirect(in RingDescriptor descriptor, bool isNested, out uint entries)
    {
        entries = descriptor.Bytes / RingLayout.DescriptorBytes;
        bool isAllowed = _hasIndirect
            && !isNested
            && (descriptor.Flags & RingDescriptorFlags.Next) == 0
            && descriptor.Bytes % RingLayout.DescriptorBytes == 0
            && entries is > 0 and <= IndirectCountMax;
        return isAllowed ? (RingDescriptor*)Translate(descriptor.Address, descriptor.Bytes) : null;
    }

    /// <returns>Chains that came from the back end before us.</returns>
    private int TakeTracked(int count)
    {
        if (_inflightArea is not null)
        {
            for (int place = 0; place < count; place++)
            {
                if (TryPeek(place, out ushort head))
                    _inflight.Take(head, ++_inflightCounter);
            }
        }
        int resubmitted = Math.Min(count, _resubmittedLeft);
        _resubmittedLeft -= resubmitted;
        return resubmitted;
    }

    /// <summary>The heads are read back from memory that the guest writes too, so they are held to the table's size.</summary>
    private ushort UsedHead(uint index) => (ushort)(UsedEntries[index & Mask] & Mask);

    private void PrepareInflight(int count)
    {
        for (uint place = 0; place < count; place++)
            _inflight.Prepare(UsedHead(NextUsed + place));
    }

    private void FinishInflight(int count)
    {
        for (uint place = (uint)count; place > 0; place--)
            _inflight.Finish(UsedHead(NextUsed - place));
        _inflight.Settle(NextUsed);
    }

    /// <summary>After the writes: a page that the front end copied before them would otherwise stay as it was.</summary>
    private void MarkUsed(ushort first, int count)
    {
        bool isMarked = _log!.TryMark(_usedLogAddress, RingLayout.EntriesOffset);
        for (uint place = 0; place < count; place++)
        {
            ulong offset = RingLayout.EntriesOffset + (ulong)((first + place) & Mask) * RingLayout.UsedEntryBytes;
            isMarked &= _log.TryMark(_usedLogAddress + offset, RingLayout.UsedEntryBytes);
        }
        if (!isMarked)
            Fail(VhostUserFault.BadLog);
    }

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
        _log?.RemoveHolder();
        _inflightArea?.RemoveHolder();
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VSwitch.Frames;
using VSwitch.Linux;
using VSwitch.Ports.VhostUser;
using VSwitch.Wire;

namespace VSwitch.Ports;

/// <summary>
/// One worker's way into a guest's receive rings. A frame's bytes are copied once, from where they lie straight into the
/// guest's buffers. Only a frame whose tag, checksum or length has to change goes through a <see cref="SendPlan"/> first.
/// </summary>
internal sealed unsafe class VhostUserSendQueue(VhostUserPort port, int worker) : ISendQueue, IDisposable
{
    /// <summary>Chains that one frame takes at most: 64 KB in the smallest buffers that a guest would use.</summary>
    private const int ChainCountMax = 1024;

    /// <summary>Buffers of all those chains. How many descriptors are read to find them is the batch's matter: <see cref="Filling.Budget"/>.</summary>
    private const int TargetCountMax = 4096;

    /// <summary>The virtio_net_hdr, a changed front, the head, and a tail with all the segments that a batch has.</summary>
    private const int SourceCountMax = 3 + FrameBatch.SegmentCapacity;

    private readonly SendPlan _plan = new();
    private readonly Segment* _sources = (Segment*)NativeMemory.AlignedAlloc((nuint)(SourceCountMax * sizeof(Segment)), 64);
    private readonly Segment* _targets = (Segment*)NativeMemory.AlignedAlloc((nuint)(TargetCountMax * sizeof(Segment)), 64);
    private readonly Chain* _chains = (Chain*)NativeMemory.AlignedAlloc((nuint)(ChainCountMax * sizeof(Chain)), 64);
    private readonly byte* _header = (byte*)NativeMemory.AlignedAlloc(GuestRing.HeaderBytesLong, 64);
    private OffloadSet _offloads;
    private int _mtuBytes;
    private bool _isClosed;

    public void Send(FrameBatch batch, SendList list, PortCounters counters)
    {
        GuestRing? ring = _isClosed ? null : port.SendRing(worker);
        if (ring is null || !ring.Gate.TryEnterShared())
        {
            counters.Drops(DropReason.LinkDown) += (ulong)list.Count;
            return;
        }

        _offloads = port.Offloads;
        _mtuBytes = port.MtuBytes;
        var filling = new Filling(ring);
        filling.Prefetch(list.Count);
        foreach (SendEntry entry in list.Entries)
        {
            ref readonly Frame frame = ref batch[entry.FrameIndex];
            if (IsToBeChanged(in frame, entry))
                SendPlanned(ref filling, batch, entry, counters);
            else if (TryPutSimply(ref filling, in frame))
                counters.CountSent(in frame, frame.FrameBytes);
            else
                SendAsItIs(ref filling, in frame, counters);
        }
        filling.Publish();
        ring.CheckMemory();
        ring.Leave();
    }

    public void Dispose()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _plan.Dispose();
        NativeMemory.AlignedFree(_sources);
        NativeMemory.AlignedFree(_targets);
        NativeMemory.AlignedFree(_chains);
        NativeMemory.AlignedFree(_header);
    }

    /// <summary>Whether a copy differs from what was received in anything but the virtio_net_hdr, or is too long.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsToBeChanged(ref readonly Frame frame, SendEntry entry)
    {
        bool hasTag = frame.Headers.Has(ParseFlags.Tagged) && !frame.HasOutOfBandTag;
        int tci = hasTag ? frame.Headers.Tci : SendEntry.Untagged;
        int payloadBytes = frame.FrameBytes - EthernetView.HeaderBytes - (hasTag ? VlanTag.Bytes : 0);
        return tci != entry.Tci
            || payloadBytes > _mtuBytes
            || frame.Offload.IsGso
            || (frame.Offload.NeedsChecksum && (_offloads & OffloadSet.Checksum) == OffloadSet.None);
    }

    /// <summary>The metadata of a frame that is not to be changed: as received, to a guest that takes it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Offload Leaving(ref readonly Frame frame)
    {
        Offload leaving = default;
        if (frame.Offload.Flags != OffloadFlags.None && (_offloads & OffloadSet.Checksum) != OffloadSet.None)
        {
            leaving.Flags = frame.Offload.Flags & (OffloadFlags.NeedsChecksum | OffloadFlags.DataValid);
            leaving.ChecksumStart = frame.Offload.ChecksumStart;
            leaving.ChecksumOffset = frame.Offload.ChecksumOffset;
        }
        return leaving;
    }

    /// <summary>The shortest way, which is the usual one: a frame in one piece into a chain of one buffer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryPutSimply(ref Filling filling, ref readonly Frame frame)
    {
        GuestRing ring = filling.Ring;
        if (filling.Left == 0 || frame.TailCount != 0 || ring.IsTracked || !ring.TryPeek(filling.Used, out ushort head))
            return false;

        RingDescriptor descriptor = ring.Descriptors[head];
        uint bytes = (uint)(ring.HeaderBytes + frame.FrameBytes);
        if (descriptor.Flags != RingDescriptorFlags.Write || descriptor.Bytes < bytes)
            return false;
        byte* to = ring.Translate(descriptor.Address, bytes);
        if (to == null)
            return false;

        *(Offload*)to = Leaving(in frame);
        if (ring.HeaderBytes == GuestRing.HeaderBytesLong)
            *(ushort*)(to + Offload.HeaderSize) = 1;
        Bytes.Copy(to + ring.HeaderBytes, frame.Data, (nuint)frame.FrameBytes);
        filling.Use(head, bytes);
        return true;
    }

    private void SendAsItIs(ref Filling filling, ref readonly Frame frame, PortCounters counters)
    {
        _sources[1] = new Segment { Data = frame.Data, Bytes = (nuint)frame.HeadBytes };
        frame.TailSegments.CopyTo(new Span<Segment>(_sources + 2, frame.TailCount));
        DropReason failure = Put(ref filling, Leaving(in frame), sourceCount: 2 + frame.TailCount, frame.FrameBytes);
        if (failure == DropReason.None)
            counters.CountSent(in frame, frame.FrameBytes);
        else
            counters.Drops(failure)++;
    }

    /// <summary>An empty plan has room for any copy.</summary>
    private void SendPlanned(ref Filling filling, FrameBatch batch, SendEntry entry, PortCounters counters)
    {
        _plan.TryAdd(batch, entry, _offloads, _mtuBytes, counters);
        for (int i = 0; i < _plan.Count; i++)
        {
            ref WireFrame wire = ref _plan[i];
            wire.FrameSegments.CopyTo(new Span<Segment>(_sources + 1, wire.SegmentCount - 1));
            wire.Failure = Put(ref filling, in wire.Offload, wire.SegmentCount, wire.Bytes);
        }
        _plan.Settle(batch, counters);
        _plan.Clear();
    }

    /// <summary>
    /// Puts a frame into as many chains as it takes, whatever they look like. A ring in which something was wrong gets no
    /// more, nor does one whose memory went away: there, each buffer of a chain may be another page.
    /// </summary>
    /// <param name="filling">The ring.</param>
    /// <param name="offload">The frame's virtio_net_hdr.</param>
    /// <param name="sourceCount">Entries of <see cref="_sources"/>, the first of which is made here.</param>
    /// <param name="frameBytes">Of all the others together.</param>
    private DropReason Put(ref Filling filling, in Offload offload, int sourceCount, int frameBytes)
    {
        GuestRing ring = filling.Ring;
        ring.CheckMemory();
        if (ring.Fault != VhostUserFault.None)
            return DropReason.LinkDown;

        uint needed = (uint)(ring.HeaderBytes + frameBytes);
        DropReason failure = GatherTargets(ref filling, needed, out int chainCount);
        if (failure != DropReason.None)
            return failure;

        *(Offload*)_header = offload;
        *(ushort*)(_header + Offload.HeaderSize) = (ushort)chainCount;
        _sources[0] = new Segment { Data = _header, Bytes = (nuint)ring.HeaderBytes };
        CopyToTargets(ring, sourceCount);
        for (int i = 0; i < chainCount; i++)
            filling.Use(_chains[i].Head, _chains[i].Bytes);
        return DropReason.None;
    }

    /// <summary>Finds buffers for so many bytes: of one chain, or of several if the guest has agreed to that.</summary>
    private DropReason GatherTargets(ref Filling filling, uint needed, out int chainCount)
    {
        GuestRing ring = filling.Ring;
        int targetCount = 0;
        chainCount = 0;
        for (ulong room = 0; room < needed; chainCount++)
        {
            if (chainCount == (ring.IsMergeable ? ChainCountMax : 1))
                return DropReason.MtuExceeded;
            if (!filling.HasLeft(chainCount + 1))
                return DropReason.RingFull;
            if (!ring.TryPeek(filling.Used + chainCount, out ushort head))
                return DropReason.LinkDown;
            int capacity = TargetCountMax - targetCount;
            int count = ring.Gather(head, isWritable: true, _targets + targetCount, capacity, ref filling.Budget, out ulong bytes);
            if (count < 0)
                return count == ChainReader.TooMany ? DropReason.MtuExceeded : DropReason.LinkDown;
            _chains[chainCount] = new Chain { Head = head, Bytes = (uint)Math.Min(bytes, needed - room) };
            targetCount += count;
            room += bytes;
        }
        return DropReason.None;
    }

    private void CopyToTargets(GuestRing ring, int sourceCount)
    {
        Segment* source = _sources;
        Segment* end = _sources + sourceCount;
        Segment* target = _targets;
        while (source != end)
        {
            nuint run = nuint.Min(source->Bytes, target->Bytes);
            Bytes.Copy(target->Data, source->Data, run);
            ring.MarkWritten(target->Data, run);
            Advance(ref source, run);
            Advance(ref target, run);
        }
    }

    private static void Advance(ref Segment* segment, nuint bytes)
    {
        segment->Data += bytes;
        segment->Bytes -= bytes;
        if (segment->Bytes == 0)
            segment++;
    }

    /// <summary>A chain that a frame goes into, and how many of its bytes are the frame's.</summary>
    private struct Chain
    {
        public uint Bytes;
        public ushort Head;
    }
}

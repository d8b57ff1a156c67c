using VSwitch.Frames;
using VSwitch.Wire;

namespace VSwitch.Ports;

/// <summary>
/// Turns copies into wire frames. A copy says which frame leaves and with which tag; the wire frame is what to hand to
/// the kernel or the peer. Received bytes are never written and, but for the front of the frame, never copied:
/// <code>
///   tag as received              [virtio_net_hdr][the frame ...]
///   tag put in or left out       [virtio_net_hdr][addresses, tag][the rest ...]
///   checksum to be finished      [virtio_net_hdr][headers up to the checksum][the rest ...]
///   to be cut, for each piece    [virtio_net_hdr][headers][its payload ...]
/// </code>
/// In brackets is one segment; dots mean that there is one for each run of received bytes. Only the fronts, which change,
/// live in the plan's scratch memory. What the receiver does not take as it is, is done here in software, and counted.
/// One worker's send queue owns the plan: add copies until it is full or there are no more, send the wire frames,
/// <see cref="Settle"/>, <see cref="Clear"/>. It allocates native memory once and nothing afterwards.
/// Frames must have been parsed and have passed <see cref="OffloadRules.IsValid"/>.
/// </summary>
public sealed class SendPlan : IDisposable
{
    private readonly SendArena _arena;

    /// <param name="hasBufferCount">Whether the virtio_net_hdr has 12 bytes, the last two num_buffers = 1, instead of 10.</param>
    public SendPlan(bool hasBufferCount = false) => _arena = new SendArena(hasBufferCount);

    /// <summary>Wire frames planned.</summary>
    public int Count => _arena.Count;

    public ref WireFrame this[int index] => ref _arena[index];

    public void Clear() => _arena.Clear();

    /// <summary>
    /// Adds the wire frames of one copy: one, several when it has to be cut, none when it cannot be sent, and then it is
    /// counted as dropped.
    /// </summary>
    /// <param name="batch">Holds the frame.</param>
    /// <param name="entry">The copy.</param>
    /// <param name="offloads">What the receiver takes as it is.</param>
    /// <param name="mtuBytes">Ethernet payload at most, without header and tag, of the frame or of each of its pieces.</param>
    /// <param name="counters">The port's: takes drops and software work.</param>
    /// <returns>False when the plan is full, and then nothing has happened. An empty plan has room for any copy.</returns>
    public bool TryAdd(FrameBatch batch, SendEntry entry, OffloadSet offloads, int mtuBytes, PortCounters counters)
    {
        ref readonly Frame frame = ref batch[entry.FrameIndex];
        TagChange tag = new(in frame, entry);
        int payloadOffset = 0;
        if (frame.Offload.IsGso && !OffloadRules.TryFindPayload(in frame, out payloadOffset))
            return Drop(DropReason.Unsegmentable, counters);

        // Where the payload fits one piece there is nothing to cut, and the kernel loses such a frame if it is told to.
        bool isLong = frame.Offload.IsGso && frame.FrameBytes - payloadOffset > frame.Offload.SegmentBytes;
        int wireBytesMax = isLong ? payloadOffset + frame.Offload.SegmentBytes : frame.FrameBytes;
        if (wireBytesMax - EthernetView.HeaderBytes - tag.ReceivedTagBytes > mtuBytes)
            return Drop(DropReason.MtuExceeded, counters);

        if (isLong && !OffloadRules.Takes(offloads, in frame))
            return TryAddPieces(entry.FrameIndex, new SoftwareSegmentation(in frame, tag, payloadOffset), offloads, counters);
        if (frame.Offload.NeedsChecksum && (offloads & OffloadSet.Checksum) == OffloadSet.None)
            return TryAddFinished(entry.FrameIndex, in frame, tag, counters);
        return TryAddAsItIs(entry.FrameIndex, in frame, tag, offloads, gsoHeaderBytes: isLong ? payloadOffset : 0);
    }

    /// <summary>
    /// Counts every copy once: as sent when all its wire frames have been, else under the first
    /// <see cref="WireFrame.Failure"/> among them.
    /// </summary>
    public void Settle(FrameBatch batch, PortCounters counters)
    {
        for (int first = 0, next; first < Count; first = next)
        {
            ref WireFrame wire = ref this[first];
            DropReason failure = wire.Failure;
            int bytes = wire.Bytes;
            for (next = first + 1; next < Count && this[next].FrameIndex == wire.FrameIndex; next++)
            {
                failure = failure == DropReason.None ? this[next].Failure : failure;
                bytes += this[next].Bytes;
            }

            if (failure == DropReason.None)
                counters.CountSent(in batch[wire.FrameIndex], bytes);
            else
                counters.Drops(failure)++;
        }
    }

    public void Dispose() => _arena.Dispose();

    /// <summary>Ends a copy.</summary>
    /// <returns>True: it has been dealt with.</returns>
    private static bool Drop(DropReason reason, PortCounters counters)
    {
        counters.Drops(reason)++;
        return true;
    }

    /// <summary>The frame with the sender's offloads, whatever they are.</summary>
    /// <param name="gsoHeaderBytes">Where the payload of a GSO frame starts; 0 for a frame that is not to be cut.</param>
    private bool TryAddAsItIs(int frameIndex, ref readonly Frame frame, in TagChange tag, OffloadSet offloads, int gsoHeaderBytes)
    {
        if (!HasRoomForOne(in frame))
            return false;

        ref WireFrame wire = ref _arena.Start(frameIndex, Leaving(in frame.Offload, tag.Delta, offloads, gsoHeaderBytes));
        if (tag.FrontBytes != 0)
            _arena.AppendFront(ref wire, tag, in frame, tag.FrontBytes);
        AppendRest(ref wire, in frame, tag.FrontBytes);
        return true;
    }

    /// <summary>The frame with its checksum finished.</summary>
    private bool TryAddFinished(int frameIndex, ref readonly Frame frame, in TagChange tag, PortCounters counters)
    {
        int frontBytes = SoftwareChecksum.FrontBytes(in frame);
        if (frontBytes > SendArena.FrontBytesMax)
            return Drop(DropReason.Unsegmentable, counters);
        if (!HasRoomForOne(in frame))
            return false;

        ref WireFrame wire = ref _arena.Start(frameIndex, offload: default);
        Span<byte> front = _arena.AppendFront(ref wire, tag, in frame, frontBytes);
        AppendRest(ref wire, in frame, frontBytes);

        int start = frame.Offload.ChecksumStart + tag.Delta;
        if (SoftwareChecksum.IsSctp(in frame))
            SoftwareChecksum.FinishSctp(in wire, front, start);
        else
            SoftwareChecksum.Finish(in wire, front, start, field: start + frame.Offload.ChecksumOffset);
        counters.SoftwareChecksums++;
        return true;
    }

    /// <summary>The frame cut into pieces, their checksums left to the receiver if it takes that much.</summary>
    private bool TryAddPieces(int frameIndex, in SoftwareSegmentation segmentation, OffloadSet offloads, PortCounters counters)
    {
        if (!segmentation.IsPossible)
            return Drop(DropReason.Unsegmentable, counters);
        if (!segmentation.HasRoom(_arena))
            return false;

        segmentation.AddTo(_arena, frameIndex, finishesChecksums: (offloads & OffloadSet.Checksum) == OffloadSet.None);
        counters.SoftwareSegmentations++;
        return true;
    }

    /// <summary>A wire frame of its own takes a virtio_net_hdr, a front, the rest of the head and the tail.</summary>
    private bool HasRoomForOne(ref readonly Frame frame) =>
        _arena.HasRoom(frames: 1, segments: 3 + frame.TailCount);

    private void AppendRest(ref WireFrame wire, ref readonly Frame frame, int offset)
    {
        FrameCursor rest = new(in frame, offset);
        _arena.AppendReferences(ref wire, ref rest, frame.FrameBytes);
    }

    /// <summary>
    /// The metadata as it leaves. A receiver that takes no checksum offload sees none of it (virtio 1.2 section 5.1.6.4:
    /// flags is zero without GUEST_CSUM). The header length is ours, since the kernel refuses some that it does not like.
    /// </summary>
    private static Offload Leaving(ref readonly Offload received, int delta, OffloadSet offloads, int gsoHeaderBytes)
    {
        Offload leaving = default;
        if ((offloads & OffloadSet.Checksum) == OffloadSet.None)
            return leaving;

        leaving.Flags = received.Flags & (OffloadFlags.NeedsChecksum | OffloadFlags.DataValid);
        if (received.NeedsChecksum)
        {
            leaving.ChecksumStart = (ushort)(received.ChecksumStart + delta);
            leaving.ChecksumOffset = received.ChecksumOffset;
        }
        if (gsoHeaderBytes != 0)
        {
            leaving.Gso = received.Gso;
            leaving.SegmentBytes = received.SegmentBytes;
            leaving.HeaderBytes = (ushort)Math.Min(gsoHeaderBytes + delta, ushort.MaxValue);
        }
        return leaving;
    }
}

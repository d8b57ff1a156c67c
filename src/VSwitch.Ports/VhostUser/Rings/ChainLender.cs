using System.Runtime.InteropServices;
using VSwitch.Frames;

namespace VSwitch.Ports.VhostUser;

/// <summary>
/// Lends frames whose chains are not simple: several descriptors, an indirect table, more than one region. The bytes stay
/// where they are, but for headers that lie in several pieces.
/// </summary>
internal sealed unsafe class ChainLender : IDisposable
{
    /// <summary>A 64 KB GSO frame with its headers and tags. A longer one is dropped.</summary>
    public const int FrameBytesMax = 65_600;

    /// <summary>
    /// A head shorter than this that is not the whole frame is made longer by copying. Tags and IPv4 and TCP headers with all their options
    /// take 142 bytes and IPv6 has no such bound, so it is as much as there is room for.
    /// </summary>
    private const int HeadBytesMin = HeadArena.SlotBytes;

    /// <summary>Of one frame; a frame in more pieces is dropped.</summary>
    private const int SegmentCountMax = 512;

    /// <summary>Of one chain, counting those of no bytes; one of more is dropped too.</summary>
    private const int DescriptorCountMax = 1024;

    private readonly HeadArena _heads = new();
    private readonly Segment* _segments = (Segment*)NativeMemory.AlignedAlloc((nuint)(SegmentCountMax * sizeof(Segment)), 64);

    /// <summary>Nothing is lent any more.</summary>
    public void Clear() => _heads.Clear();

    public void Dispose()
    {
        _heads.Dispose();
        NativeMemory.AlignedFree(_segments);
    }

    /// <summary>Lends the frame of a chain.</summary>
    /// <returns>False when the batch has no room for its pieces, or after a fault.</returns>
    public bool TryLend(GuestRing ring, FrameBatch batch, ushort head)
    {
        int budget = DescriptorCountMax;
        int count = ring.Gather(head, isWritable: false, _segments, SegmentCountMax, ref budget, out ulong bytes);
        if (count == ChainReader.TooMany || bytes > (ulong)(FrameBytesMax + ring.HeaderBytes))
            return LendOversize(batch, head);
        if (count < 0)
            return false;
        if (bytes < (ulong)ring.HeaderBytes)
            return ring.Fail(VhostUserFault.HeaderCut) == 0;

        byte* header = stackalloc byte[GuestRing.HeaderBytesLong];
        Segment* segments = _segments;
        Segment* end = segments + count;
        Move(header, ring.HeaderBytes, ref segments, end);
        Offload offload = *(Offload*)header;
        offload.Flags &= OffloadFlags.NeedsChecksum;
        int frameBytes = (int)bytes - ring.HeaderBytes;
        return segments == end || segments->Bytes < (nuint)Math.Min(frameBytes, HeadBytesMin)
            ? TryLendCopied(batch, head, in offload, frameBytes, segments, end)
            : TryLendAsItIs(batch, head, in offload, frameBytes, segments, end);
    }

    private static bool TryLendAsItIs(FrameBatch batch, ushort head, in Offload offload, int frameBytes, Segment* segments, Segment* end)
    {
        int tailCount = (int)(end - segments) - 1;
        Segment* tail = batch.TakeSegments(tailCount);
        if (tail == null)
            return false;
        ref Frame frame = ref batch.Add();
        frame.Lend(segments->Data, frameBytes, head);
        frame.HeadBytes = (int)segments->Bytes;
        frame.Offload = offload;
        SetTail(ref frame, tail, segments + 1, tailCount);
        return true;
    }

    /// <summary>Puts the headers together in a slot of our own; the rest stays where it is.</summary>
    private bool TryLendCopied(FrameBatch batch, ushort head, in Offload offload, int frameBytes, Segment* segments, Segment* end)
    {
        Segment* tail = _heads.HasRoom ? batch.TakeSegments((int)(end - segments)) : null;
        if (tail == null)
            return false;
        byte* slot = _heads.Take();
        int headBytes = Math.Min(frameBytes, HeadBytesMin);
        Move(slot, headBytes, ref segments, end);
        ref Frame frame = ref batch.Add();
        frame.Lend(slot, frameBytes, head);
        frame.HeadBytes = headBytes;
        frame.Offload = offload;
        SetTail(ref frame, tail, segments, (int)(end - segments));
        return true;
    }

    private static void SetTail(ref Frame frame, Segment* tail, Segment* segments, int count)
    {
        if (count == 0)
            return;
        for (int i = 0; i < count; i++)
            tail[i] = segments[i];
        frame.Tail = tail;
        frame.TailCount = count;
    }

    /// <summary>Nobody will parse it, so it gets empty headers here; its bytes are of no interest to anybody.</summary>
    private bool LendOversize(FrameBatch batch, ushort head)
    {
        ref Frame frame = ref batch.Add();
        frame.Lend((byte*)_segments, frameBytes: 0, head);
        frame.Headers = default;
        batch.Drop(batch.Count - 1, DropReason.Oversize);
        return true;
    }

    /// <summary>Copies the first bytes out of segments, which there are, and takes them off.</summary>
    private static void Move(byte* to, int bytes, ref Segment* segments, Segment* end)
    {
        while (bytes > 0 && segments != end)
        {
            int run = (int)Math.Min(segments->Bytes, (nuint)bytes);
            Bytes.Copy(to, segments->Data, (nuint)run);
            to += run;
            bytes -= run;
            segments->Data += run;
            segments->Bytes -= (nuint)run;
            if (segments->Bytes == 0)
                segments++;
        }
    }
}

using System.Diagnostics;
using System.Buffers.Binary;
using VSwitch.Frames;
using VSwitch.Linux;

namespace VSwitch.Ports;

/// <summary>
/// The way out of a stream port. A stream has one order of bytes and several workers may have frames for it, so they take
/// turns at a gate; inside is one system call, which does not wait.
/// <para>
/// Theory of operation. All wire frames of a plan go out in one call, each behind its length. The kernel takes bytes, not
/// frames, and may stop anywhere. A frame that it took a part of has been sent as far as counters go: the remainder is kept
/// and goes out before anything else does. The frames behind it are dropped as ring-full: the peer does not keep up, and a
/// queue of ours behind the kernel's would only make it later. While a remainder is kept, the epoll set reports the
/// connection as soon as it takes bytes again.
/// </para>
/// </summary>
internal sealed unsafe class StreamOutput(Epoll epoll) : IDisposable
{
    private const int NoDescriptor = -1;

    private readonly MemoryMap _memory = MemoryMap.Anonymous(StreamBuffer.LengthBytes + StreamBuffer.FrameBytesMax);
    private SpinLock _gate = new(enableThreadOwnerTracking: false);
    private volatile int _descriptor = NoDescriptor;
    private volatile int _remainderBytes;
    private int _remainderOffset;

    public bool IsConnected => _descriptor >= 0;

    public bool HasRemainder => _remainderBytes > 0;

    /// <summary>Sends to a new connection from now on.</summary>
    public void Attach(int descriptor)
    {
        Enter();
        _descriptor = descriptor;
        _remainderBytes = 0;
        _gate.Exit();
    }

    /// <summary>When this returns no worker uses the connection any more.</summary>
    public void Detach() => Attach(NoDescriptor);

    /// <summary>Sends a plan's wire frames, and writes into each that was not sent why.</summary>
    public void Send(SendPlan plan)
    {
        Enter();
        long taken = 0;
        DropReason refusal = SendRemainder();
        if (refusal == DropReason.None)
            refusal = SendFrames(plan, out taken);
        Judge(plan, taken, refusal);
        _gate.Exit();
    }

    /// <summary>Sends the rest of the frame that was begun, if it can be.</summary>
    public void Flush()
    {
        Enter();
        _ = SendRemainder();
        _gate.Exit();
    }

    public void Dispose() => _memory.Dispose();

    private void Enter()
    {
        bool isEntered = false;
        _gate.Enter(ref isEntered);
    }

    /// <returns>None when the next frame can begin, else why it cannot.</returns>
    private DropReason SendRemainder()
    {
        if (_descriptor < 0)
            return DropReason.LinkDown;
        if (_remainderBytes == 0)
            return DropReason.None;

        Segment remainder = new() { Data = _memory.Data + _remainderOffset, Bytes = (nuint)_remainderBytes };
        int taken = FrameIo.SendV(_descriptor, &remainder, 1);
        if (taken < 0)
            return Reason(-taken);
        _remainderOffset += taken;
        _remainderBytes -= taken;
        if (_remainderBytes > 0)
            return DropReason.RingFull;
        epoll.ArmWritable(_descriptor, StreamReceiveQueue.EpollToken, armed: false);
        return DropReason.None;
    }

    /// <summary>
    /// Offers all wire frames to the kernel. A plan's segments lie one behind the other, whatever frame they belong to,
    /// and so they can be handed over as they are.
    /// </summary>
    /// <param name="plan">One frame at least.</param>
    /// <param name="taken">Bytes that the kernel took from the front, lengths included.</param>
    /// <returns>Why it took no more; None when it took everything.</returns>
    private DropReason SendFrames(SendPlan plan, out long taken)
    {
        taken = 0;
        Segment* next = plan[0].Segments;
        Segment* end = WriteLengths(plan);
        while (next != end)
        {
            int count = (int)Math.Min(end - next, FrameIo.SegmentCountMax);
            int result = FrameIo.SendV(_descriptor, next, count);
            if (result < 0)
                return Reason(-result);
            taken += result;
            if (result < Bytes(next, count))
                return DropReason.RingFull;
            next += count;
        }
        return DropReason.None;
    }

    /// <summary>Puts each frame's length where its virtio_net_hdr was, which nobody reads here.</summary>
    /// <returns>Behind the last segment.</returns>
    private static Segment* WriteLengths(SendPlan plan)
    {
        Segment* end = plan[0].Segments;
        for (int i = 0; i < plan.Count; i++)
        {
            ref WireFrame wire = ref plan[i];
            Debug.Assert(wire.Segments == end, "a plan's segments are one array");
            *(int*)wire.Segments[0].Data = BinaryPrimitives.ReverseEndianness(wire.Bytes);
            wire.Segments[0].Bytes = StreamBuffer.LengthBytes;
            end += wire.SegmentCount;
        }
        return end;
    }

    /// <summary>Finds where the kernel stopped: frames before that were sent, the one there is finished later.</summary>
    private void Judge(SendPlan plan, long taken, DropReason refusal)
    {
        for (int i = 0; i < plan.Count; i++)
        {
            ref WireFrame wire = ref plan[i];
            int streamBytes = StreamBuffer.LengthBytes + wire.Bytes;
            if (taken <= 0)
                wire.Failure = refusal;
            else if (taken < streamBytes)
                KeepRemainder(in wire, (int)taken);
            taken -= streamBytes;
        }
    }

    private void KeepRemainder(ref readonly WireFrame wire, int taken)
    {
        Span<byte> free = new(_memory.Data, (int)_memory.Bytes);
        int skipped = taken;
        foreach (ref readonly Segment segment in new ReadOnlySpan<Segment>(wire.Segments, wire.SegmentCount))
        {
            ReadOnlySpan<byte> bytes = segment.Span;
            int skip = Math.Min(skipped, bytes.Length);
            skipped -= skip;
            bytes[skip..].CopyTo(free);
            free = free[(bytes.Length - skip)..];
        }
        _remainderOffset = 0;
        _remainderBytes = StreamBuffer.LengthBytes + wire.Bytes - taken;
        epoll.ArmWritable(_descriptor, StreamReceiveQueue.EpollToken, armed: true);
    }

    private static long Bytes(Segment* segments, int count)
    {
        long bytes = 0;
        for (int i = 0; i < count; i++)
            bytes += (long)segments[i].Bytes;
        return bytes;
    }

    private static DropReason Reason(int errno) =>
        errno is Errno.EPIPE or Errno.ECONNRESET ? DropReason.LinkDown : SendErrors.Reason(errno);
}

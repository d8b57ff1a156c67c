using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VSwitch.Frames;
using VSwitch.Wire;

namespace VSwitch.Ports;

/// <summary>
/// The memory of a <see cref="SendPlan"/>: wire frames, their segments, and scratch for the bytes that differ from what
/// was received. All three are filled from the start and emptied at once. The capacities are those of the largest copy there
/// can be, a frame with every tail segment of its batch that is cut into as many pieces as the rules allow.
/// </summary>
internal sealed unsafe class SendArena : IDisposable
{
    /// <summary>Bytes of a frame that can be copied to be changed, without a tag put in: usual headers are shorter.</summary>
    public const int FrontBytesMax = 256;

    /// <summary>
    /// Wire frames at most, and so the pieces of one copy. 64 KB take 269 pieces with the smallest MSS that Linux offers by itself
    /// (256, min_adv_mss) when timestamps take 12 bytes of it. More are not worth having: what one frame of a hostile guest can cost is bounded by this.
    /// </summary>
    public const int FrameCapacity = 512;

    /// <summary>A piece has a virtio_net_hdr, a front and a slice of payload; a tail segment may start another slice.</summary>
    private const int SegmentCapacity = FrameCapacity * 3 + FrameBatch.SegmentCapacity;

    /// <summary>Each wire frame has one virtio_net_hdr and one front at most.</summary>
    private const int ScratchCapacity = FrameCapacity * (HeaderBytesMax + FrontBytesMax + VlanTag.Bytes);

    /// <summary>The virtio_net_hdr with num_buffers, as virtio 1.0 has it.</summary>
    private const int HeaderBytesMax = Offload.HeaderSize + sizeof(ushort);

    private const int CacheLineBytes = 64;

    private readonly WireFrame* _frames = (WireFrame*)Allocate(FrameCapacity * sizeof(WireFrame));
    private readonly Segment* _segments = (Segment*)Allocate(SegmentCapacity * sizeof(Segment));
    private readonly byte* _scratch = (byte*)Allocate(ScratchCapacity);
    private readonly int _headerBytes;
    private int _segmentCount;
    private int _scratchBytes;

    public SendArena(bool hasBufferCount) => _headerBytes = hasBufferCount ? HeaderBytesMax : Offload.HeaderSize;

    /// <summary>Wire frames started.</summary>
    public int Count { get; private set; }

    public ref WireFrame this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return ref _frames[index];
        }
    }

    public void Clear()
    {
        Count = 0;
        _segmentCount = 0;
        _scratchBytes = 0;
    }

    /// <summary>Whether so many more wire frames fit that take so many segments. Where they do, their scratch does.</summary>
    public bool HasRoom(int frames, int segments) =>
        Count + frames <= FrameCapacity && _segmentCount + segments <= SegmentCapacity;

    /// <summary>Starts a wire frame with its virtio_net_hdr; what is appended until the next start belongs to it.</summary>
    public ref WireFrame Start(int frameIndex, in Offload offload)
    {
        ref WireFrame wire = ref _frames[Count++];
        wire.Segments = _segments + _segmentCount;
        wire.SegmentCount = 0;
        wire.FrameIndex = frameIndex;
        wire.Failure = DropReason.None;

        byte* header = TakeScratch(_headerBytes);
        *(Offload*)header = offload;
        if (_headerBytes == HeaderBytesMax)
            *(ushort*)(header + Offload.HeaderSize) = 1;
        Append(ref wire, header, _headerBytes);
        wire.Bytes = 0;
        return ref wire;
    }

    /// <summary>Copies the front of a frame as it leaves and appends it.</summary>
    /// <returns>The copy, to be changed.</returns>
    public Span<byte> AppendFront(ref WireFrame wire, in TagChange tag, ref readonly Frame frame, int frontBytes)
    {
        int bytes = frontBytes + tag.Delta;
        byte* copy = TakeScratch(bytes);
        Span<byte> front = new(copy, bytes);
        tag.CopyFront(frame.Head[..frontBytes], front);
        Append(ref wire, copy, bytes);
        return front;
    }

    /// <summary>Appends up to <paramref name="bytes"/> of a received frame by reference.</summary>
    public void AppendReferences(ref WireFrame wire, ref FrameCursor cursor, int bytes)
    {
        while (bytes > 0 && cursor.TryTake(bytes, out byte* data, out int taken))
        {
            Append(ref wire, data, taken);
            bytes -= taken;
        }
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_frames);
        NativeMemory.AlignedFree(_segments);
        NativeMemory.AlignedFree(_scratch);
    }

    private static void* Allocate(int bytes) => NativeMemory.AlignedAlloc((nuint)bytes, CacheLineBytes);

    private void Append(ref WireFrame wire, byte* data, int bytes)
    {
        Debug.Assert(_segmentCount < SegmentCapacity);
        Debug.Assert(wire.Segments + wire.SegmentCount == _segments + _segmentCount);
        ref Segment segment = ref _segments[_segmentCount++];
        segment.Data = data;
        segment.Bytes = (nuint)bytes;
        wire.SegmentCount++;
        wire.Bytes += bytes;
    }

    private byte* TakeScratch(int bytes)
    {
        byte* taken = _scratch + _scratchBytes;
        _scratchBytes += bytes;
        Debug.Assert(_scratchBytes <= ScratchCapacity);
        return taken;
    }
}

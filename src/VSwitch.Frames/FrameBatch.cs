using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VSwitch.Frames;

/// <summary>
/// Up to <see cref="Capacity"/> frames from one port queue, on their way through the stages in one worker's hands.
/// <see cref="Alive"/> has one bit for each frame that no stage has dropped; a stage walks it with
/// <c>for (ulong rest = batch.Alive; rest != 0; rest &amp;= rest - 1)</c> and <see cref="First"/>.
/// The batch allocates native memory once and never again.
/// </summary>
public sealed unsafe class FrameBatch : IDisposable
{
    /// <summary>Frames at most: one bit each in <see cref="Alive"/>.</summary>
    public const int Capacity = 64;

    /// <summary>Tail segments at most, all frames of the batch together; a queue ends a batch early when they run out.</summary>
    public const int SegmentCapacity = 1024;

    private readonly Frame* _frames;
    private readonly Segment* _segments;
    private int _segmentCount;

    public FrameBatch()
    {
        _frames = (Frame*)NativeMemory.AlignedAlloc((nuint)(Capacity * sizeof(Frame)), 64);
        NativeMemory.Clear(_frames, (nuint)(Capacity * sizeof(Frame)));
        _segments = (Segment*)NativeMemory.AlignedAlloc((nuint)(SegmentCapacity * sizeof(Segment)), 64);
    }

    /// <summary>Frames received, dead or alive.</summary>
    public int Count { get; private set; }

    /// <summary>One bit for each frame that is still on its way.</summary>
    public ulong Alive { get; private set; }

    /// <summary>One bit for each frame received.</summary>
    public ulong All => Count == Capacity ? ulong.MaxValue : (1UL << Count) - 1;

    public int Room => Capacity - Count;

    public ref Frame this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((uint)index >= Capacity)
                throw new ArgumentOutOfRangeException(nameof(index));
            return ref _frames[index];
        }
    }

    /// <summary>The index of the lowest bit of a mask of frames.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int First(ulong mask) => BitOperations.TrailingZeroCount(mask);

    /// <summary>Empties the batch for the next receive.</summary>
    public void Clear()
    {
        Count = 0;
        Alive = 0;
        _segmentCount = 0;
    }

    /// <summary>Adds a frame, alive, for the receiving queue to fill in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Frame Add()
    {
        ref Frame frame = ref this[Count];
        Alive |= 1UL << Count;
        Count++;
        return ref frame;
    }

    /// <summary>Takes <paramref name="count"/> segments of the arena for one frame's tail; null when there are not so many.</summary>
    public Segment* TakeSegments(int count)
    {
        if (count > SegmentCapacity - _segmentCount)
            return null;
        Segment* taken = _segments + _segmentCount;
        _segmentCount += count;
        return taken;
    }

    /// <summary>Ends a frame with a named reason.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Drop(int index, DropReason reason)
    {
        this[index].Drop = reason;
        Alive &= ~(1UL << index);
    }

    /// <summary>Ends every frame that is still alive.</summary>
    public void DropAll(DropReason reason)
    {
        for (ulong rest = Alive; rest != 0; rest &= rest - 1)
            _frames[First(rest)].Drop = reason;
        Alive = 0;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_frames);
        NativeMemory.AlignedFree(_segments);
    }
}

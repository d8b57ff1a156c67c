using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VSwitch.Wire;

namespace VSwitch.Frames;

/// <summary>A run of bytes that belongs to a frame. Laid out as <c>struct iovec</c> (sys/uio.h).</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct Segment
{
    public byte* Data;
    public nuint Bytes;

    public readonly ReadOnlySpan<byte> Span => new(Data, (int)Bytes);
}

/// <summary>
/// A frame in flight: where its bytes are, what the sender left undone (<see cref="Offload"/>), what the parser found
/// (<see cref="Headers"/>) and how it ended (<see cref="Drop"/>). A frame is a descriptor in a <see cref="FrameBatch"/>;
/// its bytes belong to the port queue that received it, which lends them until the batch is released. Nobody writes
/// them: what changes on the way out (a tag, a checksum, the cut into segments) is made by the egress port beside them.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct Frame
{
    /// <summary>The head: the frame's first contiguous bytes, with every header that a stage reads.</summary>
    public byte* Data;

    /// <summary>Bytes at <see cref="Data"/>.</summary>
    public int HeadBytes;

    /// <summary>Bytes of the whole frame, head and tail, from the destination address, without FCS.</summary>
    public int FrameBytes;

    /// <summary>What follows the head, in the batch's segment arena; null when the frame is contiguous.</summary>
    public Segment* Tail;

    public int TailCount;

    /// <summary>The receiving queue's own mark: the ring slot or descriptor to give back.</summary>
    public int Slot;

    public Offload Offload;

    /// <summary>The 802.1Q TCI (PCP, DEI, VID) that the kernel or a device took out of the bytes.</summary>
    public ushort OutOfBandTci;

    /// <summary>Set when <see cref="OutOfBandTci"/> holds a tag.</summary>
    public bool HasOutOfBandTag;

    /// <summary>None while the frame is alive.</summary>
    public DropReason Drop;

    /// <summary>The VLAN (1-4094) that the frame was classified into.</summary>
    public ushort Vlan;

    /// <summary>Priority code point and DEI of the received tag, as TCI bits 15-12; zero when untagged.</summary>
    public ushort PriorityBits;

    /// <summary>
    /// Bytes right before <see cref="Data"/> that belong to the receiving queue and are lent with the frame: whoever sends it
    /// may put a header there and so write header and frame as one piece. 0 where a peer could see it.
    /// </summary>
    public ushort HeadroomBytes;

    /// <summary>What the parser found in the head.</summary>
    public FrameHeaders Headers;

    /// <summary>Whether there is a tag besides the one that says the frame's VLAN.</summary>
    public readonly bool HasInnerTag
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Headers.Has(ParseFlags.InnerTagged) || (HasOutOfBandTag && Headers.Has(ParseFlags.Tagged));
    }

    /// <summary>The head as bytes to read.</summary>
    public readonly ReadOnlySpan<byte> Head
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Data, HeadBytes);
    }

    /// <summary>The segments after the head.</summary>
    public readonly ReadOnlySpan<Segment> TailSegments => new(Tail, TailCount);

    /// <summary>Makes this the descriptor of contiguous bytes that the caller lends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Lend(byte* data, int frameBytes, int slot)
    {
        Data = data;
        HeadBytes = frameBytes;
        FrameBytes = frameBytes;
        Tail = null;
        TailCount = 0;
        Slot = slot;
        Offload = default;
        OutOfBandTci = 0;
        HasOutOfBandTag = false;
        HeadroomBytes = 0;
        Drop = DropReason.None;
    }

    /// <summary>Copies the whole frame into <paramref name="destination"/>.</summary>
    /// <returns>Bytes copied.</returns>
    /// <exception cref="ArgumentException">The destination is shorter than the frame.</exception>
    public readonly int CopyTo(Span<byte> destination)
    {
        Head.CopyTo(destination);
        int copied = HeadBytes;
        foreach (ref readonly Segment segment in TailSegments)
        {
            segment.Span.CopyTo(destination[copied..]);
            copied += (int)segment.Bytes;
        }
        return copied;
    }
}

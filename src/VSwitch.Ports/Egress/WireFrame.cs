using System.Runtime.InteropServices;
using VSwitch.Frames;

namespace VSwitch.Ports;

/// <summary>
/// One frame as it goes on the wire, ready for writev, sendmmsg or a copy loop. <see cref="Segments"/> is laid out as
/// <c>struct iovec</c>: the first holds the virtio_net_hdr and nothing else, the others the frame's bytes. They point into
/// the plan's own memory and into the received frame, and are good until either is released.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct WireFrame
{
    public Segment* Segments;

    /// <summary>Segments, the virtio_net_hdr's included.</summary>
    public int SegmentCount;

    /// <summary>Bytes of the frame from the destination address, its tag included; the virtio_net_hdr is not.</summary>
    public int Bytes;

    /// <summary>
    /// Index of the received frame in its batch. The pieces of one segmented copy are neighbours, and since a frame leaves
    /// a port once at most, neighbours with the same index are always one copy.
    /// </summary>
    public int FrameIndex;

    /// <summary>
    /// None at first; the port writes here why it could not send the frame, and <see cref="SendPlan.Settle"/> counts it.
    /// </summary>
    public DropReason Failure;

    /// <summary>The frame's own segments, without the virtio_net_hdr.</summary>
    public readonly ReadOnlySpan<Segment> FrameSegments => new(Segments + 1, SegmentCount - 1);

    /// <summary>The virtio_net_hdr of this frame.</summary>
    public readonly ref readonly Offload Offload => ref *(Offload*)Segments[0].Data;

    /// <summary>Copies the frame, without the virtio_net_hdr, into <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="Bytes"/>.</exception>
    public readonly void CopyTo(Span<byte> destination)
    {
        foreach (ref readonly Segment segment in FrameSegments)
        {
            segment.Span.CopyTo(destination);
            destination = destination[(int)segment.Bytes..];
        }
    }
}

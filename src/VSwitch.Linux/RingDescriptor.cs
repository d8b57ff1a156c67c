using System.Runtime.InteropServices;
using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>What a descriptor of a split virtqueue says of its buffer (virtio 1.2 section 2.7.5).</summary>
[Flags]
public enum RingDescriptorFlags : ushort
{
    None = 0,
    /// <summary>The chain goes on with the descriptor <see cref="RingDescriptor.Next"/>.</summary>
    Next = virtio_ring_h.VRING_DESC_F_NEXT,
    /// <summary>The buffer is for the device to write; otherwise to read.</summary>
    Write = virtio_ring_h.VRING_DESC_F_WRITE,
    /// <summary>The buffer holds a table of descriptors, which is the rest of the chain.</summary>
    Indirect = virtio_ring_h.VRING_DESC_F_INDIRECT,
}

/// <summary>One descriptor of a split virtqueue, <c>struct vring_desc</c> (linux/virtio_ring.h), little-endian.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RingDescriptor
{
    /// <summary>Guest-physical.</summary>
    public ulong Address;
    public uint Bytes;
    public RingDescriptorFlags Flags;
    public ushort Next;
}

/// <summary>
/// Where the parts of a split virtqueue of <c>n</c> entries lie (virtio 1.2 sections 2.7.5 to 2.7.8):
/// <code>
///   descriptors  n x 16 bytes
///   available    flags u16, idx u16, ring n x u16, used_event u16     written by the driver
///   used         flags u16, idx u16, ring n x 8 bytes, avail_event u16    written by the device
/// </code>
/// </summary>
public static class RingLayout
{
    public const int IndexOffset = sizeof(ushort);
    public const int EntriesOffset = 2 * sizeof(ushort);
    public const int UsedEntryBytes = 8;
    public const int DescriptorBytes = 16;
    public const int DescriptorAlignment = virtio_ring_h.VRING_DESC_ALIGN_SIZE;
    public const int AvailableAlignment = virtio_ring_h.VRING_AVAIL_ALIGN_SIZE;
    public const int UsedAlignment = virtio_ring_h.VRING_USED_ALIGN_SIZE;

    /// <summary>In the used ring's flags: the device wants no kicks.</summary>
    public const ushort NoKick = virtio_ring_h.VRING_USED_F_NO_NOTIFY;

    /// <summary>In the available ring's flags: the driver wants no interrupts.</summary>
    public const ushort NoInterrupt = virtio_ring_h.VRING_AVAIL_F_NO_INTERRUPT;

    public static ulong DescriptorsBytes(uint entries) => (ulong)entries * DescriptorBytes;

    public static ulong AvailableBytes(uint entries) => EntriesOffset + (ulong)entries * sizeof(ushort) + sizeof(ushort);

    public static ulong UsedBytes(uint entries) => EntriesOffset + (ulong)entries * UsedEntryBytes + sizeof(ushort);
}

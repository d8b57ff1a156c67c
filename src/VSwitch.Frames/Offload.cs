using System.Runtime.InteropServices;

namespace VSwitch.Frames;

/// <summary>What the sender of a frame left undone. Values of <c>virtio_net_hdr.flags</c> (linux/virtio_net.h).</summary>
[Flags]
public enum OffloadFlags : byte
{
    None = 0,
    /// <summary>The L4 checksum holds only the pseudo-header's sum; finish it from <see cref="Offload.ChecksumStart"/>.</summary>
    NeedsChecksum = 1,
    /// <summary>The L4 checksum has been verified.</summary>
    DataValid = 2,
}

/// <summary>How a frame larger than the link's MTU is to be cut. Values of <c>virtio_net_hdr.gso_type</c>.</summary>
public enum GsoType : byte
{
    None = 0,
    TcpV4 = 1,
    Udp = 3,
    TcpV6 = 4,
    UdpL4 = 5,
    /// <summary>A bit beside the TCP types: the segment has CWR set, which only the first piece may carry.</summary>
    EcnBit = 0x80,
}

/// <summary>
/// The offload metadata of one frame: the 10 bytes of <c>struct virtio_net_hdr</c> (linux/virtio_net.h) in host
/// (little-endian) order, so that a port can read and write it as it is. Offsets count from the first byte of the
/// frame as it was received: a tag that sits in the bytes is included in them.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 2, Size = HeaderSize)]
public struct Offload
{
    public const int HeaderSize = 10;

    public OffloadFlags Flags;
    public GsoType Gso;
    /// <summary>Bytes of Ethernet, IP and TCP headers: a hint that no code of ours trusts.</summary>
    public ushort HeaderBytes;
    /// <summary>Payload bytes of each segment (the MSS) when <see cref="Gso"/> is set.</summary>
    public ushort SegmentBytes;
    /// <summary>Where checksumming starts, in bytes from the start of the frame.</summary>
    public ushort ChecksumStart;
    /// <summary>Where the 16-bit result goes, in bytes from <see cref="ChecksumStart"/>.</summary>
    public ushort ChecksumOffset;

    public readonly bool NeedsChecksum => (Flags & OffloadFlags.NeedsChecksum) != OffloadFlags.None;

    public readonly bool IsGso => Gso != GsoType.None;

    public readonly GsoType GsoKind => Gso & ~GsoType.EcnBit;
}

/// <summary>What a port's receiver can take as it is; what it cannot is done in software when the frame is sent.</summary>
[Flags]
public enum OffloadSet : byte
{
    None = 0,
    Checksum = 1,
    TsoV4 = 2,
    TsoV6 = 4,
    TsoEcn = 8,
    Uso = 16,
    All = Checksum | TsoV4 | TsoV6 | TsoEcn | Uso,
}

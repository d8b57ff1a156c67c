using VSwitch.Frames;
using VSwitch.Wire;

namespace VSwitch.Ports;

/// <summary>
/// What may be believed of a frame's <see cref="Offload"/>. A guest writes it, so it is checked once, when the frame comes
/// in, and <see cref="SendPlan"/> relies on the answer: it acts on the offsets in the metadata without looking again. What
/// passes is safe to act on, not sensible; headers that software cannot finish are found when it comes to that.
/// </summary>
public static class OffloadRules
{
    private const int ChecksumBytes = 2;

    /// <summary>Where a TCP header says how long it is (RFC 9293 section 3.1): upper four bits, in words of four bytes.</summary>
    private const int TcpDataOffset = 12;

    /// <summary>
    /// Whether the metadata fits the bytes: the checksum field and the header that a GSO frame repeats lie behind the
    /// Ethernet header and in the head, and the GSO type is one that a port of ours offers (not UFO). The parse
    /// stage calls this after it has filled in <see cref="Frame.Headers"/> and drops with
    /// <see cref="DropReason.Malformed"/> what does not pass.
    /// </summary>
    public static bool IsValid(ref readonly Frame frame)
    {
        ref readonly Offload offload = ref frame.Offload;
        if (offload.NeedsChecksum
            && (offload.ChecksumStart < frame.Headers.L3Offset
                || offload.ChecksumStart > ushort.MaxValue - VlanTag.Bytes
                || offload.ChecksumStart + offload.ChecksumOffset + ChecksumBytes > frame.HeadBytes))
            return false;
        return !offload.IsGso || IsGsoValid(in frame);
    }

    /// <summary>
    /// Where the TCP or UDP header of a valid GSO frame starts. The checksum starts there too, which holds inside
    /// tunnels; a frame whose checksum was verified (large receive offload) has only what the parser found.
    /// </summary>
    public static int TransportOffset(ref readonly Frame frame) =>
        frame.Offload.NeedsChecksum ? frame.Offload.ChecksumStart : frame.Headers.L4Offset;

    /// <summary>
    /// Where the payload of a GSO frame starts: the bytes before it, all of them in the head, are repeated in every piece.
    /// A guest whose memory holds the frame can change its TCP header at any time, so that this may fail for a frame that
    /// was valid; whoever acts on the offset asks once and keeps the answer.
    /// </summary>
    public static bool TryFindPayload(ref readonly Frame frame, out int offset)
    {
        offset = 0;
        int transport = TransportOffset(in frame);
        bool isUdp = frame.Offload.GsoKind == GsoType.UdpL4;
        int headerBytesMin = isUdp ? UdpView.HeaderBytes : TcpView.HeaderBytesMin;
        if (transport < EthernetView.HeaderBytes || transport + headerBytesMin > frame.HeadBytes)
            return false;

        int headerBytes = isUdp ? headerBytesMin : (frame.Head[transport + TcpDataOffset] >> 4) * 4;
        offset = transport + headerBytes;
        return headerBytes >= headerBytesMin && offset <= frame.HeadBytes;
    }

    /// <summary>
    /// Whether the transport header of a valid GSO frame is not the one that the parser found behind IP: it lies inside a
    /// tunnel. AF_PACKET tells only this way that a frame is the work of a tunnel's netdev: its virtio_net_hdr has no
    /// GSO type for tunnels, and the kernel takes such a frame for plain TCP when it is handed back.
    /// </summary>
    public static bool IsInTunnel(ref readonly Frame frame) =>
        frame.Headers.IpVersion != 0 && frame.Headers.L4Offset != TransportOffset(in frame);

    /// <summary>
    /// Whether a receiver takes a valid GSO frame as it is. None takes tunnels, nor what has no partial checksum:
    /// whoever hands over a GSO frame must leave one (virtio 1.2 section 5.1.6.2.1), and the kernel refuses the others
    /// once there is a tag in their bytes. Large receive offload makes such frames, so they are cut and not malformed.
    /// </summary>
    public static bool Takes(OffloadSet offloads, ref readonly Frame frame)
    {
        ref readonly Offload offload = ref frame.Offload;
        OffloadSet wanted = OffloadSet.Checksum | offload.GsoKind switch
        {
            GsoType.TcpV4 => OffloadSet.TsoV4,
            GsoType.TcpV6 => OffloadSet.TsoV6,
            _ => OffloadSet.Uso,
        };
        if (offload.Gso != offload.GsoKind)
            wanted |= OffloadSet.TsoEcn;
        return (offloads & wanted) == wanted && offload.NeedsChecksum && !IsInTunnel(in frame);
    }

    private static bool IsGsoValid(ref readonly Frame frame) =>
        frame.Offload.SegmentBytes != 0
        && frame.Offload.GsoKind is GsoType.TcpV4 or GsoType.TcpV6 or GsoType.UdpL4
        && TryFindPayload(in frame, out _);
}

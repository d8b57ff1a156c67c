using VSwitch.Frames;
using VSwitch.Wire;

namespace VSwitch.Ports;

/// <summary>
/// What may be believed of a frame's <see cref="Offload"/>. A guest writes it, so it is checked once, when the frame comes
/// in, and <see cref="SendPlan"/> relies on the answer: it reads at the offsets named here without looking again. What
/// passes is safe to act on, not sensible; headers that software cannot finish are found when it comes to that.
/// </summary>
public static class OffloadRules
{
    private const int ChecksumBytes = 2;
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

    /// <summary>Where the payload of a valid GSO frame starts: the bytes before it are repeated in every piece.</summary>
    public static int PayloadOffset(ref readonly Frame frame)
    {
        int transport = TransportOffset(in frame);
        return transport + (frame.Offload.GsoKind == GsoType.UdpL4 ? UdpView.HeaderBytes : TcpHeaderBytes(in frame, transport));
    }

    /// <summary>Whether a receiver takes a valid GSO frame as it is.</summary>
    public static bool Takes(OffloadSet offloads, in Offload offload)
    {
        OffloadSet wanted = OffloadSet.Checksum | offload.GsoKind switch
        {
            GsoType.TcpV4 => OffloadSet.TsoV4,
            GsoType.TcpV6 => OffloadSet.TsoV6,
            _ => OffloadSet.Uso,
        };
        if (offload.Gso != offload.GsoKind)
            wanted |= OffloadSet.TsoEcn;
        return (offloads & wanted) == wanted;
    }

    private static bool IsGsoValid(ref readonly Frame frame)
    {
        if (frame.Offload.SegmentBytes == 0)
            return false;

        int transport = TransportOffset(in frame);
        if (transport < EthernetView.HeaderBytes)
            return false;

        return frame.Offload.GsoKind switch
        {
            GsoType.TcpV4 or GsoType.TcpV6 => transport + TcpView.HeaderBytesMin <= frame.HeadBytes
                && TcpHeaderBytes(in frame, transport) >= TcpView.HeaderBytesMin
                && PayloadOffset(in frame) <= frame.HeadBytes,
            GsoType.UdpL4 => transport + UdpView.HeaderBytes <= frame.HeadBytes,
            _ => false,
        };
    }

    /// <summary>The data offset (RFC 9293 section 3.1) in bytes.</summary>
    private static int TcpHeaderBytes(ref readonly Frame frame, int transport) => (frame.Head[transport + TcpDataOffset] >> 4) * 4;
}

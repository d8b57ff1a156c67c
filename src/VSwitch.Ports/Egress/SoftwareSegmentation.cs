using System.Buffers.Binary;
using VSwitch.Frames;
using VSwitch.Wire;

namespace VSwitch.Ports;

/// <summary>
/// Cuts a GSO frame into the pieces that its sender would have sent without offloads. Every piece repeats the headers,
/// with the fields changed that differ, and refers to its slice of the payload. The lengths inside the received headers
/// do not matter: a piece's follow from the bytes that are there. A packet inside a tunnel is cut with the headers around it.
/// </summary>
internal readonly ref struct SoftwareSegmentation
{
    private const int TcpChecksumOffset = 16;
    private const int UdpChecksumOffset = 6;

    private readonly ref readonly Frame _frame;
    private readonly TagChange _tag;
    private readonly int _payloadOffset;
    private readonly bool _isInTunnel;
    private readonly IpPacket _packet;

    /// <param name="frame">A valid GSO frame.</param>
    /// <param name="tag">What happens to its tag.</param>
    /// <param name="payloadOffset">From <see cref="OffloadRules.TryFindPayload"/>.</param>
    public SoftwareSegmentation(ref readonly Frame frame, in TagChange tag, int payloadOffset)
    {
        _frame = ref frame;
        _tag = tag;
        _payloadOffset = payloadOffset;
        _isInTunnel = OffloadRules.IsInTunnel(in frame);
        _packet = _isInTunnel ? Tunnel.FindInner(in frame) : IpPacket.Of(in frame.Headers);
    }

    /// <summary>
    /// Whether the headers allow it: Ethernet, IP and the transport that the metadata names, at most one tunnel, no
    /// fragment, and neither headers nor pieces without measure.
    /// </summary>
    public bool IsPossible =>
        IsTransportNamed
        && !_frame.Headers.Has(ParseFlags.AnyFragment)
        && (!_frame.Offload.NeedsChecksum || _frame.Offload.ChecksumOffset == ChecksumOffset)
        && _payloadOffset <= SendArena.FrontBytesMax
        && _payloadOffset - _frame.Headers.L3Offset + PieceBytes(PayloadBytes) <= ushort.MaxValue
        && PieceCount <= SendArena.FrameCapacity;

    private bool IsTransportNamed => _frame.Offload.GsoKind switch
    {
        GsoType.TcpV4 => _packet is { IpVersion: 4, Protocol: IpProtocol.Tcp },
        GsoType.TcpV6 => _packet is { IpVersion: 6, Protocol: IpProtocol.Tcp },
        GsoType.UdpL4 => _packet is { IpVersion: 4 or 6, Protocol: IpProtocol.Udp },
        _ => false,
    };

    private bool IsTcp => _frame.Offload.GsoKind != GsoType.UdpL4;

    private int ChecksumOffset => IsTcp ? TcpChecksumOffset : UdpChecksumOffset;

    private int PayloadBytes => _frame.FrameBytes - _payloadOffset;

    /// <summary>A frame without payload, which is pointless and harmless, is one piece.</summary>
    private int PieceCount => Math.Max(1, (PayloadBytes + SegmentBytes - 1) / SegmentBytes);

    private int SegmentBytes => _frame.Offload.SegmentBytes;

    /// <summary>A piece takes a virtio_net_hdr, a front and a slice of payload, and one more where a run of bytes ends.</summary>
    public bool HasRoom(SendArena arena) => arena.HasRoom(frames: PieceCount, segments: PieceCount * 3 + _frame.TailCount);

    /// <summary>Makes the pieces; the copy must be possible and the arena have room.</summary>
    /// <param name="arena">Takes them.</param>
    /// <param name="frameIndex">Whose pieces they are.</param>
    /// <param name="finishesChecksums">False leaves them to the receiver, each with the sum over its pseudo-header.</param>
    public void AddTo(SendArena arena, int frameIndex, bool finishesChecksums)
    {
        IpPacket packet = _packet.Move(_tag.Delta);
        IpPacket outer = IpPacket.Of(in _frame.Headers).Move(_tag.Delta);
        int l4Offset = packet.L4Offset;
        int checksumOffset = l4Offset + ChecksumOffset;
        Offload offload = finishesChecksums ? default : new Offload
        {
            Flags = OffloadFlags.NeedsChecksum,
            ChecksumStart = (ushort)l4Offset,
            ChecksumOffset = (ushort)ChecksumOffset,
        };
        uint pseudoHeader = SumPseudoHeader();

        FrameCursor payload = new(in _frame, _payloadOffset);
        int left = PayloadBytes;
        int pieceCount = PieceCount;
        for (int piece = 0; piece < pieceCount; piece++)
        {
            ref WireFrame wire = ref arena.Start(frameIndex, offload);
            Span<byte> front = arena.AppendFront(ref wire, _tag, in _frame, _payloadOffset);
            arena.AppendReferences(ref wire, ref payload, PieceBytes(left));
            left -= PieceBytes(left);

            packet.ChangeHeader(front, piece, wire.Bytes);
            ChangeTransport(front[l4Offset..], piece, isLast: left == 0, wire.Bytes - l4Offset);
            ushort partial = Checksum.Fold(pseudoHeader + (uint)(wire.Bytes - l4Offset));
            BinaryPrimitives.WriteUInt16BigEndian(front[checksumOffset..], partial);
            if (_isInTunnel)
                Tunnel.ChangeHeaders(front[..l4Offset], in outer, piece, wire.Bytes, partial);
            if (finishesChecksums)
                SoftwareChecksum.Finish(in wire, front, l4Offset, checksumOffset);
        }
    }

    private int PieceBytes(int left) => Math.Min(left, SegmentBytes);

    /// <summary>
    /// The sum over the pseudo-header without its length. The sender's field has it, right even where a routing header
    /// names another destination than the address field; without a partial checksum it comes from the addresses.
    /// </summary>
    private uint SumPseudoHeader()
    {
        if (!_frame.Offload.NeedsChecksum)
            return _packet.SumPseudoHeader(_frame.Head);

        ushort field = BinaryPrimitives.ReadUInt16BigEndian(_frame.Head[(_packet.L4Offset + ChecksumOffset)..]);
        return field + (uint)Checksum.Complete((uint)(_frame.FrameBytes - _packet.L4Offset));
    }

    /// <summary>
    /// The TCP header (RFC 9293 section 3.1) or the UDP header (RFC 768) of one piece. What a flag tells the receiver to do
    /// once belongs to one piece: the end of the data to the last, the answer to a congestion mark (RFC 3168) to the first.
    /// </summary>
    private void ChangeTransport(Span<byte> transport, int piece, bool isLast, int bytes)
    {
        if (!IsTcp)
        {
            BinaryPrimitives.WriteUInt16BigEndian(transport[4..], (ushort)bytes);
            return;
        }

        uint sequence = BinaryPrimitives.ReadUInt32BigEndian(transport[4..]);
        BinaryPrimitives.WriteUInt32BigEndian(transport[4..], sequence + (uint)(piece * SegmentBytes));

        TcpFlags flags = (TcpFlags)transport[13];
        if (!isLast)
            flags &= ~(TcpFlags.Fin | TcpFlags.Psh);
        if (piece != 0)
            flags &= ~TcpFlags.Cwr;
        transport[13] = (byte)flags;
    }
}

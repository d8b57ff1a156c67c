using System.Buffers.Binary;

namespace VSwitch.Wire;

/// <summary>
/// Writes a TCP segment or changes one in place. Setters leave the checksum alone: finish with
/// <see cref="CompleteChecksum"/>.
/// </summary>
public readonly ref struct TcpBuilder
{
    private readonly Span<byte> _segment;

    private TcpBuilder(Span<byte> segment) => _segment = segment;

    public ushort SourcePort { set => BinaryPrimitives.WriteUInt16BigEndian(_segment, value); }

    public ushort DestinationPort { set => BinaryPrimitives.WriteUInt16BigEndian(_segment[2..], value); }

    public uint SequenceNumber
    {
        get => BinaryPrimitives.ReadUInt32BigEndian(_segment[4..]);
        set => BinaryPrimitives.WriteUInt32BigEndian(_segment[4..], value);
    }

    public uint AcknowledgmentNumber { set => BinaryPrimitives.WriteUInt32BigEndian(_segment[8..], value); }

    public TcpFlags Flags
    {
        get => (TcpFlags)_segment[13];
        set => _segment[13] = (byte)value;
    }

    public ushort Window { set => BinaryPrimitives.WriteUInt16BigEndian(_segment[14..], value); }

    /// <summary>
    /// Starts a header without options before the payload that fills the rest of <paramref name="segment"/>. Throws when
    /// there is less room.
    /// </summary>
    public static TcpBuilder Create(Span<byte> segment)
    {
        segment[..TcpView.HeaderBytesMin].Clear();
        segment[12] = (TcpView.HeaderBytesMin / 4) << 4;
        return new TcpBuilder(segment);
    }

    /// <summary>Takes a segment that is there, payload included; false for what <see cref="TcpView.TryParse"/> refuses.</summary>
    public static bool TryParse(Span<byte> segment, out TcpBuilder builder)
    {
        bool isTcp = TcpView.TryParse(segment, out _);
        builder = isTcp ? new TcpBuilder(segment) : default;
        return isTcp;
    }

    /// <param name="pseudoHeader">
    /// Of the IP packet: <see cref="Ipv4View.PseudoHeader"/> or <see cref="Ipv6View.PseudoHeader"/>.
    /// </param>
    public void CompleteChecksum(uint pseudoHeader)
    {
        Span<byte> field = _segment.Slice(16, 2);
        field.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(field, Checksum.Complete(Checksum.Sum(_segment, pseudoHeader)));
    }
}

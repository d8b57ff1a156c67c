using System.Buffers.Binary;

namespace VSwitch.Wire;

/// <summary>A TCP segment (RFC 9293 section 3.1): the payload of an IP packet that is no later fragment.</summary>
public readonly ref struct TcpView
{
    public const int HeaderBytesMin = 20;

    private readonly ReadOnlySpan<byte> _bytes;

    private TcpView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_bytes);

    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);

    public uint SequenceNumber => BinaryPrimitives.ReadUInt32BigEndian(_bytes[4..]);

    public uint AcknowledgmentNumber => BinaryPrimitives.ReadUInt32BigEndian(_bytes[8..]);

    /// <summary>With options: 20 to 60.</summary>
    public int HeaderBytes => (_bytes[12] >> 4) * 4;

    public TcpFlags Flags => (TcpFlags)_bytes[13];

    /// <summary>As sent: the scale, which only the handshake tells, is not applied.</summary>
    public ushort Window => BinaryPrimitives.ReadUInt16BigEndian(_bytes[14..]);

    public ushort ChecksumField => BinaryPrimitives.ReadUInt16BigEndian(_bytes[16..]);

    public ushort UrgentPointer => BinaryPrimitives.ReadUInt16BigEndian(_bytes[18..]);

    public ReadOnlySpan<byte> Options => _bytes[HeaderBytesMin..HeaderBytes];

    public ReadOnlySpan<byte> Payload => _bytes[HeaderBytes..];

    /// <param name="pseudoHeader">
    /// Of the IP packet: <see cref="Ipv4View.PseudoHeader"/> or <see cref="Ipv6View.PseudoHeader"/>.
    /// </param>
    public bool IsChecksumValid(uint pseudoHeader) => Checksum.IsValid(Checksum.Sum(_bytes, pseudoHeader));

    /// <summary>False when the data offset is less than a header or more than the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out TcpView view)
    {
        bool isTcp = bytes.Length >= HeaderBytesMin
            && bytes[12] >> 4 >= HeaderBytesMin / 4
            && (bytes[12] >> 4) * 4 <= bytes.Length;
        view = isTcp ? new TcpView(bytes) : default;
        return isTcp;
    }
}

using System.Buffers.Binary;

namespace VSwitch.Wire;

/// <summary>A UDP datagram (RFC 768): the payload of an unfragmented IP packet. Bytes beyond its length are left out.</summary>
public readonly ref struct UdpView
{
    public const int HeaderBytes = 8;

    private readonly ReadOnlySpan<byte> _bytes;

    private UdpView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_bytes);

    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);

    /// <summary>Header and payload.</summary>
    public int TotalBytes => _bytes.Length;

    /// <summary>Zero means that the sender made none, which IPv4 allows.</summary>
    public ushort ChecksumField => BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]);

    public ReadOnlySpan<byte> Payload => _bytes[HeaderBytes..];

    /// <param name="pseudoHeader">
    /// Of the IP packet: <see cref="Ipv4View.PseudoHeader"/> or <see cref="Ipv6View.PseudoHeader"/>.
    /// </param>
    public bool IsChecksumValid(uint pseudoHeader) =>
        ChecksumField == 0 || Checksum.IsValid(Checksum.Sum(_bytes, pseudoHeader));

    /// <summary>False when the length is less than a header or more than the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out UdpView view)
    {
        view = default;
        if (bytes.Length < HeaderBytes)
            return false;

        int totalBytes = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        if (totalBytes < HeaderBytes || totalBytes > bytes.Length)
            return false;

        view = new UdpView(bytes[..totalBytes]);
        return true;
    }
}

using System.Buffers.Binary;

namespace VSwitch.Wire;

/// <summary>
/// An IPv6 packet (RFC 8200 section 3): the fixed header and as much payload as it says. Its extension headers have been
/// walked, see <see cref="UpperLayer"/>. Addresses are numbers in host order.
/// </summary>
public readonly ref struct Ipv6View
{
    public const int HeaderBytes = 40;

    private readonly ReadOnlySpan<byte> _bytes;

    private Ipv6View(ReadOnlySpan<byte> bytes, Ipv6UpperLayer upperLayer)
    {
        _bytes = bytes;
        UpperLayer = upperLayer;
    }

    /// <summary>What comes after the extension headers.</summary>
    public Ipv6UpperLayer UpperLayer { get; }

    public byte TrafficClass => (byte)(BinaryPrimitives.ReadUInt16BigEndian(_bytes) >> 4);

    /// <summary>20 bits.</summary>
    public int FlowLabel => (int)(BinaryPrimitives.ReadUInt32BigEndian(_bytes) & 0xF_FFFF);

    /// <summary>Of the fixed header: an extension header or the protocol.</summary>
    public byte NextHeader => _bytes[6];

    public byte HopLimit => _bytes[7];

    public UInt128 Source => BinaryPrimitives.ReadUInt128BigEndian(_bytes[8..]);

    public UInt128 Destination => BinaryPrimitives.ReadUInt128BigEndian(_bytes[24..]);

    /// <summary>Extension headers included.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[HeaderBytes..];

    /// <summary>What the upper-layer protocol sees, or for a later fragment its piece of that.</summary>
    public ReadOnlySpan<byte> UpperPayload => Payload[UpperLayer.Offset..];

    /// <summary>
    /// The sum that the checksum of an unfragmented TCP, UDP or ICMPv6 payload starts from. Not for a packet that a routing
    /// header still sends elsewhere: its sum is over the final destination (RFC 8200 section 8.1).
    /// </summary>
    public uint PseudoHeader => Checksum.PseudoHeader(Source, Destination, UpperLayer.Protocol, UpperPayload.Length);

    /// <summary>
    /// False when the version is not 6, the payload length exceeds the bytes, or the extension headers do not end well.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out Ipv6View view)
    {
        view = default;
        if (bytes.Length < HeaderBytes || bytes[0] >> 4 != 6)
            return false;

        int totalBytes = HeaderBytes + BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        if (totalBytes > bytes.Length
            || !Ipv6UpperLayer.TryFind(bytes[HeaderBytes..totalBytes], nextHeader: bytes[6], out Ipv6UpperLayer upperLayer))
            return false;

        view = new Ipv6View(bytes[..totalBytes], upperLayer);
        return true;
    }
}

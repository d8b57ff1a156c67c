using System.Buffers.Binary;

namespace VSwitch.Wire;

/// <summary>
/// An IPv4 packet (RFC 791 section 3.1): header, options and as much payload as its total length says. Padding after it is
/// left out.
/// </summary>
public readonly ref struct Ipv4View
{
    public const int HeaderBytesMin = 20;
    public const ushort DontFragmentBit = 0x4000;
    public const ushort MoreFragmentsBit = 0x2000;

    /// <summary>The offset in units of eight bytes, in the same field as the two bits above.</summary>
    public const ushort FragmentOffsetBits = 0x1FFF;

    private readonly ReadOnlySpan<byte> _bytes;

    private Ipv4View(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>With options: 20 to 60.</summary>
    public int HeaderBytes => (_bytes[0] & 0xF) * 4;

    public int TotalBytes => _bytes.Length;

    /// <summary>Type of service: DSCP and ECN.</summary>
    public byte TrafficClass => _bytes[1];

    public ushort Identification => BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]);

    /// <summary>Flags and offset as one field: the bits above.</summary>
    public ushort FragmentField => BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]);

    public bool DontFragment => (FragmentField & DontFragmentBit) != 0;

    public bool MoreFragments => (FragmentField & MoreFragmentsBit) != 0;

    /// <summary>In units of eight bytes.</summary>
    public int FragmentOffset => FragmentField & FragmentOffsetBits;

    public bool IsFragment => (FragmentField & (MoreFragmentsBit | FragmentOffsetBits)) != 0;

    public byte TimeToLive => _bytes[8];

    public byte Protocol => _bytes[9];

    public ushort HeaderChecksum => BinaryPrimitives.ReadUInt16BigEndian(_bytes[10..]);

    public Ipv4Address Source => Ipv4Address.Read(_bytes[12..]);

    public Ipv4Address Destination => Ipv4Address.Read(_bytes[16..]);

    public ReadOnlySpan<byte> Options => _bytes[HeaderBytesMin..HeaderBytes];

    public ReadOnlySpan<byte> Payload => _bytes[HeaderBytes..];

    public bool IsHeaderChecksumValid => Checksum.IsValid(Checksum.Sum(_bytes[..HeaderBytes]));

    /// <summary>The sum that the checksum of an unfragmented TCP or UDP payload starts from.</summary>
    public uint PseudoHeader => Checksum.PseudoHeader(Source.Value, Destination.Value, Protocol, Payload.Length);

    /// <summary>False when the version is not 4, or header and total length do not fit each other or the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out Ipv4View view)
    {
        view = default;
        if (bytes.Length < HeaderBytesMin || bytes[0] >> 4 != 4)
            return false;

        int headerBytes = (bytes[0] & 0xF) * 4;
        int totalBytes = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (headerBytes < HeaderBytesMin || totalBytes < headerBytes || totalBytes > bytes.Length)
            return false;

        view = new Ipv4View(bytes[..totalBytes]);
        return true;
    }
}

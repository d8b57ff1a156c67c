using System.Buffers.Binary;

namespace VSwitch.Wire;

/// <summary>The eight bytes that IGMP versions 1 to 3 share (RFC 2236 section 2, RFC 3376 section 4).</summary>
public readonly ref struct IgmpView
{
    public const int HeaderBytes = 8;
    public const byte MembershipQuery = 0x11;
    public const byte V1Report = 0x12;
    public const byte V2Report = 0x16;
    public const byte LeaveGroup = 0x17;
    public const byte V3Report = 0x22;

    private readonly ReadOnlySpan<byte> _bytes;

    private IgmpView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public byte Type => _bytes[0];

    /// <summary>Of a query, in tenths of a second up to 127; above that version 3 encodes it.</summary>
    public byte MaxResponseCode => _bytes[1];

    public ushort ChecksumField => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);

    /// <summary>Zero in a general query; a version 3 report has its record count here instead.</summary>
    public Ipv4Address Group => Ipv4Address.Read(_bytes[4..]);

    /// <summary>Of version 3: sources of a query, records of a report.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[HeaderBytes..];

    public bool IsChecksumValid => Checksum.IsValid(Checksum.Sum(_bytes));

    /// <summary>False when there are fewer than eight bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out IgmpView view)
    {
        bool isWhole = bytes.Length >= HeaderBytes;
        view = isWhole ? new IgmpView(bytes) : default;
        return isWhole;
    }
}

using System.Buffers.Binary;

namespace VSwitch.Wire;

/// <summary>
/// An ICMP message (RFC 792). What the second word means depends on the type: for an echo, identifier and sequence number.
/// </summary>
public readonly ref struct IcmpView
{
    public const int HeaderBytes = 8;
    public const byte EchoReply = 0;
    public const byte DestinationUnreachable = 3;
    public const byte Redirect = 5;
    public const byte EchoRequest = 8;
    public const byte TimeExceeded = 11;

    private readonly ReadOnlySpan<byte> _bytes;

    private IcmpView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public byte Type => _bytes[0];

    public byte Code => _bytes[1];

    public ushort ChecksumField => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);

    /// <summary>Of an echo.</summary>
    public ushort Identifier => BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]);

    /// <summary>Of an echo.</summary>
    public ushort SequenceNumber => BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]);

    public ReadOnlySpan<byte> Payload => _bytes[HeaderBytes..];

    /// <summary>ICMP has no pseudo-header.</summary>
    public bool IsChecksumValid => Checksum.IsValid(Checksum.Sum(_bytes));

    /// <summary>False when there are fewer than eight bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out IcmpView view)
    {
        bool isWhole = bytes.Length >= HeaderBytes;
        view = isWhole ? new IcmpView(bytes) : default;
        return isWhole;
    }
}

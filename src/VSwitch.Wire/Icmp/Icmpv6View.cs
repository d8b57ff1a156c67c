using System.Buffers.Binary;

namespace VSwitch.Wire;

/// <summary>
/// An ICMPv6 message (RFC 4443 section 2.1), which includes MLD (RFC 3810) and neighbour discovery (RFC 4861). What the
/// second word means depends on the type; every type that a switch looks at has one.
/// </summary>
public readonly ref struct Icmpv6View
{
    public const int HeaderBytes = 8;
    public const byte EchoRequest = 128;
    public const byte EchoReply = 129;
    public const byte MldQuery = 130;
    public const byte MldReport = 131;
    public const byte MldDone = 132;
    public const byte RouterSolicitation = 133;
    public const byte RouterAdvertisement = 134;
    public const byte NeighborSolicitation = 135;
    public const byte NeighborAdvertisement = 136;
    public const byte Redirect = 137;
    public const byte MldV2Report = 143;

    private readonly ReadOnlySpan<byte> _bytes;

    private Icmpv6View(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public byte Type => _bytes[0];

    public byte Code => _bytes[1];

    public ushort ChecksumField => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);

    /// <summary>After the second word: in neighbour solicitation and advertisement it starts with the target address.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[HeaderBytes..];

    /// <summary>True for router and neighbour discovery, which snooping must never prune.</summary>
    public bool IsNeighborDiscovery => Type is >= RouterSolicitation and <= Redirect;

    /// <param name="pseudoHeader">Of the IP packet: <see cref="Ipv6View.PseudoHeader"/>.</param>
    public bool IsChecksumValid(uint pseudoHeader) => Checksum.IsValid(Checksum.Sum(_bytes, pseudoHeader));

    /// <summary>False when there are fewer than eight bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out Icmpv6View view)
    {
        bool isWhole = bytes.Length >= HeaderBytes;
        view = isWhole ? new Icmpv6View(bytes) : default;
        return isWhole;
    }
}

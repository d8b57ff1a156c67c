using System.Buffers.Binary;

namespace VSwitch.Wire;

/// <summary>
/// ARP for IPv4 over Ethernet (RFC 826), 28 bytes; RARP (RFC 903) has the same layout under type 0x8035. Other hardware or
/// protocol types do not parse.
/// </summary>
public readonly ref struct ArpView
{
    public const int Bytes = 28;

    /// <summary>Hardware Ethernet (1), protocol IPv4, addresses of 6 and 4 bytes.</summary>
    private const ulong EthernetIpv4 = 0x0001_0800_06_04;

    private readonly ReadOnlySpan<byte> _bytes;

    private ArpView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>As sent: it may be none of the named values.</summary>
    public ArpOperation Operation => (ArpOperation)BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]);

    public MacAddress SenderMac => MacAddress.Read(_bytes[8..]);

    public Ipv4Address SenderIp => Ipv4Address.Read(_bytes[14..]);

    public MacAddress TargetMac => MacAddress.Read(_bytes[18..]);

    public Ipv4Address TargetIp => Ipv4Address.Read(_bytes[24..]);

    /// <summary>True for an announcement of the sender's own address (RFC 5227 section 3), as a request or as a reply.</summary>
    public bool IsGratuitous => SenderIp == TargetIp && SenderIp.Value != 0;

    /// <summary>False when there are fewer than 28 bytes or they are not ARP for IPv4 over Ethernet.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out ArpView view)
    {
        bool isArp = bytes.Length >= Bytes && BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16 == EthernetIpv4;
        view = isArp ? new ArpView(bytes) : default;
        return isArp;
    }

    /// <summary>Writes a packet and returns its length. Throws when there is less room.</summary>
    public static int Write(
        Span<byte> bytes,
        ArpOperation operation,
        MacAddress senderMac,
        Ipv4Address senderIp,
        MacAddress targetMac,
        Ipv4Address targetIp)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, EthernetIpv4 << 16 | (ushort)operation);
        senderMac.Write(bytes[8..]);
        senderIp.Write(bytes[14..]);
        targetMac.Write(bytes[18..]);
        targetIp.Write(bytes[24..]);
        return Bytes;
    }
}

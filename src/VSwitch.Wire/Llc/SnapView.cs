using System.Buffers.Binary;

namespace VSwitch.Wire;

/// <summary>
/// An LLC header with its SNAP extension (IEEE 802-2014 clause 9): AA AA 03, an organisation, and a protocol that the
/// organisation defines. CDP is organisation 0x00000C, protocol 0x2000.
/// </summary>
public readonly ref struct SnapView
{
    public const int HeaderBytes = 8;
    public const int CiscoOrganization = 0x00_000C;
    public const ushort CdpProtocol = 0x2000;
    public const ushort PvstProtocol = 0x010B;

    private readonly ReadOnlySpan<byte> _bytes;

    private SnapView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The 24-bit OUI; zero says that the protocol is an Ethernet type (RFC 1042).</summary>
    public int Organization => (int)(BinaryPrimitives.ReadUInt32BigEndian(_bytes[2..]) & 0xFF_FFFF);

    public ushort Protocol => BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]);

    public ReadOnlySpan<byte> Payload => _bytes[HeaderBytes..];

    /// <summary>
    /// Takes the payload of an LLC frame from its first byte. False when it is short or does not start with AA AA 03.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out SnapView view)
    {
        bool isSnap = bytes.Length >= HeaderBytes
            && bytes.StartsWith([LlcView.SnapAccessPoint, LlcView.SnapAccessPoint, LlcView.UnnumberedInformation]);
        view = isSnap ? new SnapView(bytes) : default;
        return isSnap;
    }

    /// <summary>Writes an LLC and SNAP header and returns its length. Throws when there is less room.</summary>
    public static int Write(Span<byte> bytes, int organization, ushort protocol)
    {
        uint controlAndOrganization = (uint)LlcView.UnnumberedInformation << 24 | (uint)organization & 0xFF_FFFF;
        BinaryPrimitives.WriteUInt16BigEndian(bytes, LlcView.SnapAccessPoint << 8 | LlcView.SnapAccessPoint);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[2..], controlAndOrganization);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], protocol);
        return HeaderBytes;
    }
}

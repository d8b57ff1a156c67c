using System.Buffers.Binary;

namespace VSwitch.Wire;

/// <summary>
/// An Ethernet frame without its check sequence (IEEE 802.3-2022 clause 3): destination, source, type or length, payload.
/// </summary>
public readonly ref struct EthernetView
{
    public const int HeaderBytes = 14;

    /// <summary>The shortest frame on a cable, without its check sequence. Virtual links carry shorter ones.</summary>
    public const int FrameBytesMin = 60;

    private readonly ReadOnlySpan<byte> _bytes;

    private EthernetView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public MacAddress Destination => MacAddress.Read(_bytes);

    public MacAddress Source => MacAddress.Read(_bytes[6..]);

    /// <summary>
    /// The type, that of an outer tag if there is one; up to <see cref="Wire.EtherType.LengthMax"/> an LLC length.
    /// </summary>
    public ushort EtherType => BinaryPrimitives.ReadUInt16BigEndian(_bytes[12..]);

    /// <summary>True when the payload is LLC: see <see cref="LlcView"/>.</summary>
    public bool IsLlc => EtherType <= Wire.EtherType.LengthMax;

    /// <summary>What follows the header: with padding for a typed frame, without it for LLC unless the length lies.</summary>
    public ReadOnlySpan<byte> Payload =>
        _bytes.Slice(HeaderBytes, IsLlc ? Math.Min(EtherType, _bytes.Length - HeaderBytes) : _bytes.Length - HeaderBytes);

    /// <summary>False when there are fewer bytes than a header.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out EthernetView view)
    {
        bool isWhole = bytes.Length >= HeaderBytes;
        view = isWhole ? new EthernetView(bytes) : default;
        return isWhole;
    }

    /// <summary>Writes a header and returns its length. Throws when there is less room.</summary>
    public static int Write(Span<byte> bytes, MacAddress destination, MacAddress source, ushort etherType)
    {
        destination.Write(bytes);
        source.Write(bytes[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[12..], etherType);
        return HeaderBytes;
    }
}

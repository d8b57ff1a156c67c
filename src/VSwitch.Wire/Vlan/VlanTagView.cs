using System.Buffers.Binary;

namespace VSwitch.Wire;

/// <summary>
/// What follows a tag's type, that is the payload of an <see cref="EthernetView"/> whose type is
/// <see cref="Wire.EtherType.CTag"/> or <see cref="Wire.EtherType.STag"/>, or of an outer tag: TCI, next type, payload.
/// </summary>
public readonly ref struct VlanTagView
{
    public const int HeaderBytes = 4;

    private readonly ReadOnlySpan<byte> _bytes;

    private VlanTagView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public VlanTci Tci => new(BinaryPrimitives.ReadUInt16BigEndian(_bytes));

    /// <summary>The type after the tag: of the payload, or of the next tag.</summary>
    public ushort EtherType => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);

    public ReadOnlySpan<byte> Payload => _bytes[HeaderBytes..];

    /// <summary>False when there are fewer than four bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out VlanTagView view)
    {
        bool isWhole = bytes.Length >= HeaderBytes;
        view = isWhole ? new VlanTagView(bytes) : default;
        return isWhole;
    }
}

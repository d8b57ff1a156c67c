namespace VSwitch.Wire;

/// <summary>
/// An LLC header (IEEE 802.2 clause 3) in the forms that a switch meets: unnumbered, with one control byte. BPDUs use access
/// point 0x42; 0xAA announces SNAP.
/// </summary>
public readonly ref struct LlcView
{
    public const int HeaderBytes = 3;
    public const byte SpanningTreeAccessPoint = 0x42;
    public const byte SnapAccessPoint = 0xAA;

    /// <summary>The control byte of unnumbered information, which SNAP and spanning tree use.</summary>
    public const byte UnnumberedInformation = 0x03;

    private readonly ReadOnlySpan<byte> _bytes;

    private LlcView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public byte DestinationAccessPoint => _bytes[0];

    public byte SourceAccessPoint => _bytes[1];

    public byte Control => _bytes[2];

    public ReadOnlySpan<byte> Payload => _bytes[HeaderBytes..];

    public bool IsSpanningTree => DestinationAccessPoint == SpanningTreeAccessPoint && Control == UnnumberedInformation;

    /// <summary>False when there are fewer than three bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out LlcView view)
    {
        bool isWhole = bytes.Length >= HeaderBytes;
        view = isWhole ? new LlcView(bytes) : default;
        return isWhole;
    }
}

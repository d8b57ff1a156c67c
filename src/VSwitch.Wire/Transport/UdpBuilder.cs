using System.Buffers.Binary;

namespace VSwitch.Wire;

/// <summary>
/// Writes a UDP datagram or changes one in place. Setters leave the checksum alone: finish with
/// <see cref="CompleteChecksum"/>, or leave zero, which over IPv4 means none.
/// </summary>
public readonly ref struct UdpBuilder
{
    private readonly Span<byte> _datagram;

    private UdpBuilder(Span<byte> datagram) => _datagram = datagram;

    public ushort SourcePort { set => BinaryPrimitives.WriteUInt16BigEndian(_datagram, value); }

    public ushort DestinationPort { set => BinaryPrimitives.WriteUInt16BigEndian(_datagram[2..], value); }

    /// <summary>
    /// Starts a header before the payload that fills the rest of <paramref name="datagram"/>. Throws when there is less room.
    /// </summary>
    public static UdpBuilder Create(Span<byte> datagram)
    {
        datagram[..UdpView.HeaderBytes].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(datagram[4..], (ushort)datagram.Length);
        return new UdpBuilder(datagram);
    }

    /// <summary>
    /// Takes a datagram that is there, payload included; false for what <see cref="UdpView.TryParse"/> refuses.
    /// </summary>
    public static bool TryParse(Span<byte> bytes, out UdpBuilder builder)
    {
        bool isUdp = UdpView.TryParse(bytes, out UdpView view);
        builder = isUdp ? new UdpBuilder(bytes[..view.TotalBytes]) : default;
        return isUdp;
    }

    /// <summary>A checksum of zero is sent as all ones, because zero means that there is none.</summary>
    /// <param name="pseudoHeader">
    /// Of the IP packet: <see cref="Ipv4View.PseudoHeader"/> or <see cref="Ipv6View.PseudoHeader"/>.
    /// </param>
    public void CompleteChecksum(uint pseudoHeader)
    {
        Span<byte> field = _datagram.Slice(6, 2);
        field.Clear();
        ushort checksum = Checksum.Complete(Checksum.Sum(_datagram, pseudoHeader));
        BinaryPrimitives.WriteUInt16BigEndian(field, checksum == 0 ? ushort.MaxValue : checksum);
    }
}

using System.Buffers.Binary;

namespace VSwitch.Wire;

/// <summary>
/// Writes an IPv4 header or changes one in place. Setters leave the checksum alone: finish with
/// <see cref="CompleteChecksum"/>. <see cref="Remark"/> alone keeps a right checksum right.
/// </summary>
public readonly ref struct Ipv4Builder
{
    private readonly Span<byte> _header;

    private Ipv4Builder(Span<byte> header) => _header = header;

    public byte TrafficClass { set => _header[1] = value; }

    /// <summary>Header and payload.</summary>
    public ushort TotalBytes { set => BinaryPrimitives.WriteUInt16BigEndian(_header[2..], value); }

    public ushort Identification
    {
        get => BinaryPrimitives.ReadUInt16BigEndian(_header[4..]);
        set => BinaryPrimitives.WriteUInt16BigEndian(_header[4..], value);
    }

    /// <summary>Flags and offset as one field: see the bits in <see cref="Ipv4View"/>.</summary>
    public ushort FragmentField { set => BinaryPrimitives.WriteUInt16BigEndian(_header[6..], value); }

    public byte TimeToLive { set => _header[8] = value; }

    public byte Protocol { set => _header[9] = value; }

    public Ipv4Address Source { set => value.Write(_header[12..]); }

    public Ipv4Address Destination { set => value.Write(_header[16..]); }

    /// <summary>
    /// Starts a header without options: 20 bytes, zero but for version and length. Throws when there is less room.
    /// </summary>
    public static Ipv4Builder Create(Span<byte> bytes)
    {
        Span<byte> header = bytes[..Ipv4View.HeaderBytesMin];
        header.Clear();
        header[0] = 0x45;
        return new Ipv4Builder(header);
    }

    /// <summary>Takes the header of a packet that is there; false for what <see cref="Ipv4View.TryParse"/> refuses.</summary>
    public static bool TryParse(Span<byte> bytes, out Ipv4Builder builder)
    {
        bool isIpv4 = Ipv4View.TryParse(bytes, out Ipv4View view);
        builder = isIpv4 ? new Ipv4Builder(bytes[..view.HeaderBytes]) : default;
        return isIpv4;
    }

    public void CompleteChecksum()
    {
        Span<byte> field = _header.Slice(10, 2);
        field.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(field, Checksum.Complete(Checksum.Sum(_header)));
    }

    /// <summary>Changes the DSCP (0 to 63) and updates the checksum by the difference, so a wrong checksum stays wrong.</summary>
    public void Remark(int dscp)
    {
        ushort before = BinaryPrimitives.ReadUInt16BigEndian(_header);
        _header[1] = (byte)(dscp << 2 | _header[1] & 3);
        ushort after = BinaryPrimitives.ReadUInt16BigEndian(_header);

        Span<byte> field = _header.Slice(10, 2);
        BinaryPrimitives.WriteUInt16BigEndian(field, Checksum.Update(BinaryPrimitives.ReadUInt16BigEndian(field), before, after));
    }
}

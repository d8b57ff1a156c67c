using System.Buffers.Binary;

namespace VSwitch.Wire;

/// <summary>Writes the fixed IPv6 header or changes one in place. IPv6 has no header checksum to keep.</summary>
public readonly ref struct Ipv6Builder
{
    private readonly Span<byte> _header;

    private Ipv6Builder(Span<byte> header) => _header = header;

    public byte TrafficClass
    {
        set
        {
            uint first = BinaryPrimitives.ReadUInt32BigEndian(_header);
            BinaryPrimitives.WriteUInt32BigEndian(_header, first & 0xF00F_FFFF | (uint)value << 20);
        }
    }

    /// <summary>20 bits.</summary>
    public int FlowLabel
    {
        set
        {
            uint first = BinaryPrimitives.ReadUInt32BigEndian(_header);
            BinaryPrimitives.WriteUInt32BigEndian(_header, first & 0xFFF0_0000 | (uint)value & 0xF_FFFF);
        }
    }

    /// <summary>Everything after the fixed header.</summary>
    public ushort PayloadBytes { set => BinaryPrimitives.WriteUInt16BigEndian(_header[4..], value); }

    public byte NextHeader { set => _header[6] = value; }

    public byte HopLimit { set => _header[7] = value; }

    public UInt128 Source { set => BinaryPrimitives.WriteUInt128BigEndian(_header[8..], value); }

    public UInt128 Destination { set => BinaryPrimitives.WriteUInt128BigEndian(_header[24..], value); }

    /// <summary>Starts a header: 40 bytes, zero but for the version. Throws when there is less room.</summary>
    public static Ipv6Builder Create(Span<byte> bytes)
    {
        Span<byte> header = bytes[..Ipv6View.HeaderBytes];
        header.Clear();
        header[0] = 0x60;
        return new Ipv6Builder(header);
    }

    /// <summary>Takes the header of a packet that is there; false for what <see cref="Ipv6View.TryParse"/> refuses.</summary>
    public static bool TryParse(Span<byte> bytes, out Ipv6Builder builder)
    {
        bool isIpv6 = Ipv6View.TryParse(bytes, out _);
        builder = isIpv6 ? new Ipv6Builder(bytes[..Ipv6View.HeaderBytes]) : default;
        return isIpv6;
    }
}

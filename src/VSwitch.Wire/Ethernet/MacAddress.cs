using System.Buffers.Binary;

namespace VSwitch.Wire;

/// <summary>
/// A 48-bit MAC address (IEEE 802-2014 clause 8), held in the low 48 bits of <see cref="Value"/> with the first octet on
/// the wire as the most significant: 00:50:56:b3:06:d1 is 0x0050_56B3_06D1. The type does no masking of its own, so the
/// upper 16 bits must be zero; everything in this library that makes one sees to that.
/// </summary>
public readonly record struct MacAddress(ulong Value) : IComparable<MacAddress>
{
    public const int Bytes = 6;

    private const ulong GroupBit = 0x0100_0000_0000;
    private const ulong LocalBit = 0x0200_0000_0000;

    public static MacAddress Broadcast => new(0xFFFF_FFFF_FFFF);

    /// <summary>All zeroes: not a valid station address, used for "none".</summary>
    public static MacAddress Zero => default;

    public bool IsBroadcast => Value == Broadcast.Value;

    /// <summary>True for every group address, broadcast included: the first bit on the wire is set.</summary>
    public bool IsMulticast => (Value & GroupBit) != 0;

    /// <summary>True for an address that somebody made up (the universal/local bit is set), as most hypervisors do.</summary>
    public bool IsLocallyAdministered => (Value & LocalBit) != 0;

    /// <summary>True for an address that a station may send from: neither a group address nor zero.</summary>
    public bool IsStation => !IsMulticast && Value != 0;

    /// <summary>Reads the first six bytes. Throws when there are fewer: views check the length before they call.</summary>
    public static MacAddress Read(ReadOnlySpan<byte> bytes) =>
        new(((ulong)BinaryPrimitives.ReadUInt32BigEndian(bytes) << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]));

    /// <summary>Writes the address into the first six bytes.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)(Value >> 16));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[4..], (ushort)Value);
    }

    /// <summary>Accepts 0050.56b3.06d1, 00:50:56:b3:06:d1 and 00-50-56-b3-06-d1, in either case and no other form.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out MacAddress address)
    {
        address = default;
        return text.Length switch
        {
            14 => TryParse(text, digitsPerGroup: 4, '.', out address),
            17 => TryParse(text, digitsPerGroup: 2, text[2] == '-' ? '-' : ':', out address),
            _ => false,
        };
    }

    /// <exception cref="FormatException">The text is none of the three forms.</exception>
    public static MacAddress Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out MacAddress address) ? address : throw new FormatException($"'{text}' is not a MAC address.");

    /// <summary>The supervisor's form: 0050.56b3.06d1.</summary>
    public string ToCisco() => Format(digitsPerGroup: 4, '.');

    /// <summary>The form of the VEM and of Linux: 00:50:56:b3:06:d1.</summary>
    public string ToColon() => Format(digitsPerGroup: 2, ':');

    public override string ToString() => ToCisco();

    public int CompareTo(MacAddress other) => Value.CompareTo(other.Value);

    public static bool operator <(MacAddress left, MacAddress right) => left.Value < right.Value;

    public static bool operator >(MacAddress left, MacAddress right) => left.Value > right.Value;

    public static bool operator <=(MacAddress left, MacAddress right) => left.Value <= right.Value;

    public static bool operator >=(MacAddress left, MacAddress right) => left.Value >= right.Value;

    private static bool TryParse(ReadOnlySpan<char> text, int digitsPerGroup, char separator, out MacAddress address)
    {
        address = default;
        ulong value = 0;
        for (int i = 0; i < text.Length; i++)
        {
            bool atSeparator = i % (digitsPerGroup + 1) == digitsPerGroup;
            if (atSeparator && text[i] == separator)
                continue;
            if (atSeparator || !char.IsAsciiHexDigit(text[i]))
                return false;
            int digit = char.IsAsciiDigit(text[i]) ? text[i] - '0' : (text[i] | 0x20) - 'a' + 10;
            value = (value << 4) | (uint)digit;
        }

        address = new MacAddress(value);
        return true;
    }

    private string Format(int digitsPerGroup, char separator)
    {
        Span<char> text = stackalloc char[17];
        int length = 0;
        for (int digit = 0; digit < 12; digit++)
        {
            if (digit != 0 && digit % digitsPerGroup == 0)
                text[length++] = separator;
            text[length++] = "0123456789abcdef"[(int)(Value >> (44 - 4 * digit)) & 0xF];
        }

        return new string(text[..length]);
    }
}

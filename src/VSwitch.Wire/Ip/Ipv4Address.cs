using System.Buffers.Binary;

namespace VSwitch.Wire;

/// <summary>
/// An IPv4 address as a number in host order: 10.0.0.1 is 0x0A000001, so prefixes and ranges are plain arithmetic.
/// </summary>
public readonly record struct Ipv4Address(uint Value)
{
    public const int Bytes = 4;

    /// <summary>Reads the first four bytes. Throws when there are fewer: views check the length before they call.</summary>
    public static Ipv4Address Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt32BigEndian(bytes));

    /// <summary>Writes the address into the first four bytes.</summary>
    public void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt32BigEndian(bytes, Value);

    /// <summary>
    /// Accepts four decimal numbers and nothing else. Octal, hexadecimal and shortened forms, which C libraries read in
    /// different ways, are refused; so is a leading zero, which would make 010 mean eight to some.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Ipv4Address address)
    {
        address = default;
        uint value = 0;
        int octetCount = 0;
        foreach (Range part in text.Split('.'))
        {
            if (++octetCount > 4 || !TryParseOctet(text[part], out uint octet))
                return false;
            value = (value << 8) | octet;
        }

        if (octetCount != 4)
            return false;
        address = new Ipv4Address(value);
        return true;
    }

    /// <exception cref="FormatException">The text is not a dotted quad.</exception>
    public static Ipv4Address Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out Ipv4Address address) ? address : throw new FormatException($"'{text}' is not an IPv4 address.");

    public override string ToString() => $"{Value >> 24}.{Value >> 16 & 0xFF}.{Value >> 8 & 0xFF}.{Value & 0xFF}";

    private static bool TryParseOctet(ReadOnlySpan<char> text, out uint octet)
    {
        octet = 0;
        if (text.Length is 0 or > 3 || (text.Length > 1 && text[0] == '0'))
            return false;
        foreach (char digit in text)
        {
            if (!char.IsAsciiDigit(digit))
                return false;
            octet = octet * 10 + (uint)(digit - '0');
        }

        return octet <= 255;
    }
}

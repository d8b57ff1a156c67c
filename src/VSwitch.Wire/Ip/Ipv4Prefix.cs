using System.Numerics;

namespace VSwitch.Wire;

/// <summary>
/// The addresses that one side of an access-list entry matches: those that agree with <see cref="Address"/> in every bit
/// that <see cref="Mask"/> sets. Usually a prefix; a wildcard such as 0.0.255.0 makes a mask with holes, which NX-OS
/// allows. Bits of the address outside the mask are cleared, so equal prefixes compare equal.
/// </summary>
public readonly record struct Ipv4Prefix
{
    private Ipv4Prefix(uint address, uint mask)
    {
        Address = new Ipv4Address(address & mask);
        Mask = mask;
    }

    public Ipv4Address Address { get; }

    /// <summary>One bits are compared, zero bits are not: the opposite of a wildcard.</summary>
    public uint Mask { get; }

    /// <summary>Matches every address; also the default value.</summary>
    public static Ipv4Prefix Any => default;

    /// <summary>True when the ones of the mask come before its zeroes, so that it has a length.</summary>
    public bool IsContiguous => (~Mask & (~Mask + 1)) == 0;

    /// <summary>The number of leading ones in the mask: the prefix length if <see cref="IsContiguous"/>.</summary>
    public int Length => BitOperations.LeadingZeroCount(~Mask);

    public static Ipv4Prefix Host(Ipv4Address address) => new(address.Value, uint.MaxValue);

    /// <exception cref="ArgumentOutOfRangeException">The length is not 0 to 32.</exception>
    public static Ipv4Prefix Of(Ipv4Address address, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 32);

        // A shift by 32 is a shift by 0 in C#, hence the 64-bit detour for length 0.
        return new Ipv4Prefix(address.Value, (uint)(0xFFFF_FFFFUL << (32 - length)));
    }

    /// <summary>One bits of the wildcard are not compared: 10.0.0.0 0.0.0.255 is 10.0.0.0/24.</summary>
    public static Ipv4Prefix WithWildcard(Ipv4Address address, Ipv4Address wildcard) => new(address.Value, ~wildcard.Value);

    /// <summary>Takes the address as <see cref="FrameHeaders"/> has it, in host order.</summary>
    public bool Contains(uint address) => (address & Mask) == Address.Value;

    public bool Contains(Ipv4Address address) => Contains(address.Value);

    /// <summary>True when every address of the other is in this one.</summary>
    public bool Contains(Ipv4Prefix other) => (Mask & ~other.Mask) == 0 && Contains(other.Address);

    /// <summary>Accepts `any`, `host A`, `A`, `A/length` and `A wildcard`, words parted by one blank.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Ipv4Prefix prefix)
    {
        prefix = Any;
        if (text is "any")
            return true;

        if (text.StartsWith("host "))
            return TryParseHost(text[5..], out prefix);

        int blank = text.IndexOf(' ');
        if (blank >= 0)
            return TryParseWildcard(text[..blank], text[(blank + 1)..], out prefix);

        int slash = text.IndexOf('/');
        return slash >= 0
            ? TryParseLength(text[..slash], text[(slash + 1)..], out prefix)
            : TryParseHost(text, out prefix);
    }

    /// <exception cref="FormatException">The text is none of the accepted forms.</exception>
    public static Ipv4Prefix Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out Ipv4Prefix prefix) ? prefix : throw new FormatException($"'{text}' is not an IPv4 prefix.");

    /// <summary>
    /// As NX-OS lists an entry: `any`, 10.0.0.0/8 (a host is a /32), or address and wildcard if the mask has holes.
    /// </summary>
    public override string ToString()
    {
        if (Mask == 0)
            return "any";
        return IsContiguous ? $"{Address}/{Length}" : $"{Address} {new Ipv4Address(~Mask)}";
    }

    private static bool TryParseHost(ReadOnlySpan<char> addressText, out Ipv4Prefix prefix)
    {
        bool parsed = Ipv4Address.TryParse(addressText, out Ipv4Address address);
        prefix = parsed ? Host(address) : default;
        return parsed;
    }

    private static bool TryParseWildcard(ReadOnlySpan<char> addressText, ReadOnlySpan<char> wildcardText, out Ipv4Prefix prefix)
    {
        prefix = default;
        if (!Ipv4Address.TryParse(addressText, out Ipv4Address address)
            || !Ipv4Address.TryParse(wildcardText, out Ipv4Address wildcard))
            return false;
        prefix = WithWildcard(address, wildcard);
        return true;
    }

    private static bool TryParseLength(ReadOnlySpan<char> addressText, ReadOnlySpan<char> lengthText, out Ipv4Prefix prefix)
    {
        prefix = default;
        if (!Ipv4Address.TryParse(addressText, out Ipv4Address address)
            || lengthText.Length is 0 or > 2
            || lengthText.ContainsAnyExceptInRange('0', '9')
            || int.Parse(lengthText) is var length && length > 32)
            return false;
        prefix = Of(address, length);
        return true;
    }
}

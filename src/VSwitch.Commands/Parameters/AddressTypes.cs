using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace VSwitch.Commands;

/// <summary>
/// A MAC address as NX-OS writes it (<c>0050.56b3.06d1</c>) or as Linux does (<c>00:50:56:b3:06:d1</c>); the value is a
/// <see cref="PhysicalAddress"/>.
/// </summary>
public sealed class MacType(string name = "mac", string help = "MAC address")
    : ParameterType(name, "E.E.E", help, "0050.56b3.06d1")
{
    public override Parsed Parse(string text)
    {
        var separator = text.FirstOrDefault(c => c is '.' or ':' or '-');
        if (separator == default)
            return Parsed.No;
        var groups = text.Split(separator);
        var digitsPerGroup = separator == '.' ? 4 : 2;
        var valid = groups.Length == 12 / digitsPerGroup
                    && groups.All(group => group.Length == digitsPerGroup && group.All(char.IsAsciiHexDigit));
        return valid
            ? Parsed.As(new PhysicalAddress(Convert.FromHexString(string.Concat(groups))))
            : Parsed.Wrong("Invalid MAC address");
    }
}

/// <summary>An IPv4 address of four decimal parts; the value is an <see cref="IPAddress"/>.</summary>
public sealed class Ipv4Type(string name = "ipv4", string help = "IP address")
    : ParameterType(name, "A.B.C.D", help, "10.0.0.5")
{
    public override Parsed Parse(string text)
    {
        if (TryParse(text, out var address))
            return Parsed.As(address);
        var looksLikeOne = text.Length > 0 && text.All(c => c == '.' || char.IsAsciiDigit(c));
        return looksLikeOne ? Parsed.Wrong("Invalid IP address") : Parsed.No;
    }

    /// <summary>Takes four decimal parts only: the forms <c>10.1</c> and <c>0x0a000001</c> of inet_aton mislead.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, out IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        address = IPAddress.Any;
        var count = 0;
        foreach (var part in text.Split('.'))
        {
            var digits = text[part];
            if (count == 4 || digits.Length is 0 or > 3 || (digits.Length > 1 && digits[0] == '0')
                || !byte.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out bytes[count++]))
                return false;
        }
        if (count != 4)
            return false;
        address = new IPAddress(bytes);
        return true;
    }
}

/// <summary>An IPv6 address; the value is an <see cref="IPAddress"/>.</summary>
public sealed class Ipv6Type(string name = "ipv6", string help = "IPv6 address")
    : ParameterType(name, "A:B::C:D", help, "2001:db8::5")
{
    public override Parsed Parse(string text)
    {
        if (!text.Contains(':', StringComparison.Ordinal))
            return Parsed.No;
        var valid = !text.AsSpan().ContainsAny("%[]/") && IPAddress.TryParse(text, out var address)
                    && address.AddressFamily == AddressFamily.InterNetworkV6;
        return valid ? Parsed.As(IPAddress.Parse(text)) : Parsed.Wrong("Invalid IPv6 address");
    }
}

/// <summary>
/// An IPv4 network <c>10.9.0.0/16</c>; bits behind the length are cleared. The value is an <see cref="IPNetwork"/>.
/// </summary>
public sealed class Ipv4PrefixType(string name = "ipv4-prefix", string help = "IP network and prefix length")
    : ParameterType(name, "A.B.C.D/LEN", help, "10.9.0.0/16")
{
    public override Parsed Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
            return Parsed.No;
        if (!Ipv4Type.TryParse(text.AsSpan(0, slash), out var address)
            || !byte.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length > 32)
            return Parsed.Wrong("Invalid IP prefix");
        var mask = length == 0 ? 0 : uint.MaxValue << (32 - length);
        Span<byte> bytes = stackalloc byte[4];
        address.TryWriteBytes(bytes, out _);
        BinaryPrimitives.WriteUInt32BigEndian(bytes, BinaryPrimitives.ReadUInt32BigEndian(bytes) & mask);
        return Parsed.As(new IPNetwork(new IPAddress(bytes), length));
    }
}

using System.Globalization;

namespace VSwitch.Policy;

/// <summary>What an interface is: a vEth of the whole switch, or an uplink of one module.</summary>
public readonly record struct InterfaceId(PortProfileType Type, int Module, int Number) : IComparable<InterfaceId>
{
    private const string VethernetName = "Vethernet";
    private const string EthernetName = "Ethernet";

    public static InterfaceId Vethernet(int number) => new(PortProfileType.Vethernet, 0, number);

    public static InterfaceId Ethernet(int module, int number) => new(PortProfileType.Ethernet, module, number);

    public bool IsVethernet => Type == PortProfileType.Vethernet;

    /// <summary><c>Vethernet5</c> or <c>Ethernet3/1</c>.</summary>
    public override string ToString() => IsVethernet ? $"{VethernetName}{Number}" : $"{EthernetName}{Module}/{Number}";

    /// <summary><c>Veth5</c> or <c>Eth3/1</c>.</summary>
    public string ToShortString() => IsVethernet ? $"Veth{Number}" : $"Eth{Module}/{Number}";

    /// <summary>Reads the full name, as <see cref="ToString"/> writes it and VSM and VEM exchange it.</summary>
    public static bool TryParse(string text, out InterfaceId id)
    {
        id = default;
        if (text.StartsWith(VethernetName, StringComparison.Ordinal))
        {
            bool isNumber = TryParseNumber(text.AsSpan(VethernetName.Length), out int vethernet);
            id = Vethernet(vethernet);
            return isNumber;
        }

        int slash = text.IndexOf('/');
        if (!text.StartsWith(EthernetName, StringComparison.Ordinal) || slash < EthernetName.Length
            || !TryParseNumber(text.AsSpan(EthernetName.Length, slash - EthernetName.Length), out int module)
            || !TryParseNumber(text.AsSpan(slash + 1), out int number))
            return false;
        id = Ethernet(module, number);
        return true;
    }

    /// <summary>Ethernet before Vethernet, then by module and number: the order of the running configuration.</summary>
    public int CompareTo(InterfaceId other) =>
        (Type == PortProfileType.Vethernet, Module, Number).CompareTo((other.Type == PortProfileType.Vethernet, other.Module, other.Number));

    public static bool operator <(InterfaceId left, InterfaceId right) => left.CompareTo(right) < 0;

    public static bool operator >(InterfaceId left, InterfaceId right) => left.CompareTo(right) > 0;

    public static bool operator <=(InterfaceId left, InterfaceId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(InterfaceId left, InterfaceId right) => left.CompareTo(right) >= 0;

    private static bool TryParseNumber(ReadOnlySpan<char> digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
}

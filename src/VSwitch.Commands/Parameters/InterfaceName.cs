using System.Globalization;

namespace VSwitch.Commands;

public enum InterfaceKind
{
    /// <summary>A port of a virtual machine, numbered through the whole switch: <c>Vethernet5</c>.</summary>
    Vethernet,

    /// <summary>A network card of a host, numbered per module: <c>Ethernet3/2</c>.</summary>
    Ethernet,

    /// <summary>A bundle of network cards: <c>port-channel1</c>.</summary>
    PortChannel,

    /// <summary>A management interface of the supervisor: <c>mgmt0</c>.</summary>
    Management,

    /// <summary>A control interface of the supervisor: <c>control0</c>.</summary>
    Control,
}

/// <summary>
/// The name of an interface. <see cref="ToString"/> gives the form of configurations (<c>Vethernet5</c>, <c>Ethernet3/2</c>,
/// <c>port-channel1</c>), <see cref="Short"/> that of tables (<c>Veth5</c>, <c>Eth3/2</c>, <c>Po1</c>). Names sort by kind,
/// module and number.
/// </summary>
/// <param name="Kind">The kind.</param>
/// <param name="Module">The module, 1 or more for an Ethernet interface, else 0.</param>
/// <param name="Number">The number within the kind and module.</param>
public readonly record struct InterfaceName(InterfaceKind Kind, int Module, int Number) : IComparable<InterfaceName>
{
    /// <summary>No switch numbers its ports further, and a range that ends here can be counted through.</summary>
    private const int NumberMax = 999_999;

    private static readonly (string Long, string Short)[] Names =
        [("Vethernet", "Veth"), ("Ethernet", "Eth"), ("port-channel", "Po"), ("mgmt", "mgmt"), ("control", "control")];

    public static InterfaceName Vethernet(int number) => new(InterfaceKind.Vethernet, 0, number);

    public static InterfaceName Ethernet(int module, int number) => new(InterfaceKind.Ethernet, module, number);

    public static InterfaceName PortChannel(int number) => new(InterfaceKind.PortChannel, 0, number);

    public string Short => Names[(int)Kind].Short + Place;

    public override string ToString() => Names[(int)Kind].Long + Place;

    public int CompareTo(InterfaceName other) =>
        (Kind, Module, Number).CompareTo((other.Kind, other.Module, other.Number));

    public static bool operator <(InterfaceName left, InterfaceName right) => left.CompareTo(right) < 0;

    public static bool operator >(InterfaceName left, InterfaceName right) => left.CompareTo(right) > 0;

    public static bool operator <=(InterfaceName left, InterfaceName right) => left.CompareTo(right) <= 0;

    public static bool operator >=(InterfaceName left, InterfaceName right) => left.CompareTo(right) >= 0;

    /// <summary>
    /// Reads a long, short or otherwise abbreviated name, with or without spaces before the number: <c>Veth 5</c>,
    /// <c>eth3/2</c>, <c>po1</c>. Case does not matter.
    /// </summary>
    public static bool TryParse(string text, out InterfaceName name)
    {
        name = default;
        var letters = LetterCount(text);
        if (!TryParseKind(text.AsSpan(0, letters), out var kind))
            return false;
        var place = text.AsSpan(letters).TrimStart(' ');
        var slash = place.IndexOf('/');
        if (slash >= 0 != (kind == InterfaceKind.Ethernet))
            return false;
        var module = 0;
        if (slash >= 0 && !TryParseNumber(place[..slash], out module))
            return false;
        if (!TryParseNumber(place[(slash + 1)..], out var number))
            return false;
        name = new InterfaceName(kind, module, number);
        return true;
    }

    /// <exception cref="FormatException">The text is no interface name.</exception>
    public static InterfaceName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"\"{text}\" is not the name of an interface.");

    /// <summary>How many characters of the text belong to the kind's name: <c>port-channel1</c> has 12.</summary>
    internal static int LetterCount(string text)
    {
        var count = 0;
        while (count < text.Length && (char.IsAsciiLetter(text[count]) || text[count] == '-'))
            count++;
        return count;
    }

    internal static bool TryParseKind(ReadOnlySpan<char> text, out InterfaceKind kind)
    {
        kind = default;
        if (text.IsEmpty)
            return false;
        for (var index = 0; index < Names.Length; index++)
        {
            if (!Names[index].Long.AsSpan().StartsWith(text, StringComparison.OrdinalIgnoreCase))
                continue;
            kind = (InterfaceKind)index;
            return true;
        }
        return false;
    }

    internal static bool TryParseNumber(ReadOnlySpan<char> digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= NumberMax;

    private string Place => Kind == InterfaceKind.Ethernet ? $"{Module}/{Number}" : $"{Number}";
}

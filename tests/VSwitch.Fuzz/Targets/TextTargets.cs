using System.Text;
using VSwitch.Wire;

namespace VSwitch.Fuzz.Targets;

/// <summary>Text parsers: whatever they accept, they print in a form that they read back as the same value.</summary>
public sealed class MacAddressTextTarget : IFuzzTarget
{
    public string Name => "mac-address-text";

    public IReadOnlyList<byte[]> Seeds { get; } =
        ["0050.56b3.06d1"u8.ToArray(), "00:50:56:b3:06:d1"u8.ToArray(), "00-50-56-B3-06-D1"u8.ToArray()];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!MacAddress.TryParse(Encoding.Latin1.GetString(input), out MacAddress address))
            return;
        Check.That(address.Value >> 48 == 0, "an address has 48 bits");
        Check.Same(address, MacAddress.Parse(address.ToCisco()), "Cisco form");
        Check.Same(address, MacAddress.Parse(address.ToColon()), "colon form");
    }
}

/// <inheritdoc cref="MacAddressTextTarget"/>
public sealed class VlanSetTextTarget : IFuzzTarget
{
    public string Name => "vlan-set-text";

    public IReadOnlyList<byte[]> Seeds { get; } =
        ["1-3,10,20-30"u8.ToArray(), "1-4094"u8.ToArray(), "all"u8.ToArray(), "none"u8.ToArray(), "4094,4093,1"u8.ToArray()];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!VlanSet.TryParse(Encoding.Latin1.GetString(input), out VlanSet vlans))
            return;
        Check.Same(vlans, VlanSet.Parse(vlans.ToString()), "VLANs");
        Check.That(!vlans.Contains(0) && !vlans.Contains(4095), "reserved ids are in no set");
    }
}

/// <inheritdoc cref="MacAddressTextTarget"/>
public sealed class Ipv4PrefixTextTarget : IFuzzTarget
{
    public string Name => "ipv4-prefix-text";

    public IReadOnlyList<byte[]> Seeds { get; } =
        ["any"u8.ToArray(), "host 10.0.0.1"u8.ToArray(), "10.0.0.0/8"u8.ToArray(), "10.9.0.0 0.0.255.255"u8.ToArray()];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!Ipv4Prefix.TryParse(Encoding.Latin1.GetString(input), out Ipv4Prefix prefix))
            return;
        Check.Same(prefix, Ipv4Prefix.Parse(prefix.ToString()), "prefix");
        Check.That(prefix.Contains(prefix.Address), "a prefix contains its own address");
    }
}

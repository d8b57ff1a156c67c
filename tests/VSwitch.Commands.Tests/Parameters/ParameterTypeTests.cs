using System.Net;
using System.Net.NetworkInformation;

namespace VSwitch.Commands.Tests;

public class ParameterTypeTests
{
    private static readonly ParameterTypes Types = new();

    [Theory]
    [InlineData("vlan-id", "1", 1)]
    [InlineData("vlan-id", "4094", 4094)]
    [InlineData("1-3967,4048-4093", "4048", 4048)]
    [InlineData("1-4294967295", "4294967295", 4294967295L)]
    [InlineData("name", "web-vm_1.a", "web-vm_1.a")]
    [InlineData("line", "a  b | c", "a  b | c")]
    public void Takes(string type, string text, object value) => Assert.Equal(value, Parse(type, text).Value);

    [Theory]
    [InlineData("vlan-id", "0", "Invalid number, range is (1-4094)")]
    [InlineData("vlan-id", "-1", "Invalid number, range is (1-4094)")]
    [InlineData("vlan-id", "99999999999999999999", "Invalid number, range is (1-4094)")]
    [InlineData("vlan-id", "ten", null)]
    [InlineData("vlan-id", "", null)]
    [InlineData("vlan-id", "1.5", null)]
    [InlineData("vlan-id", "١", null)]
    [InlineData("1-3967,4048-4093", "4000", "Invalid number, range is (1-3967,4048-4093)")]
    [InlineData("vlan-list", "1-4095", "Invalid number, range is (1-4094)")]
    [InlineData("vlan-list", "1,", "Invalid range")]
    [InlineData("vlan-list", "2-1", "Invalid range")]
    [InlineData("vlan-list", "1-2-3", "Invalid range")]
    [InlineData("vlan-list", "a", null)]
    [InlineData("mac", "0050.56b3.06d", "Invalid MAC address")]
    [InlineData("mac", "00:50:56:b3:06", "Invalid MAC address")]
    [InlineData("mac", "00:50:56:b3:06:dx", "Invalid MAC address")]
    [InlineData("mac", "any", null)]
    [InlineData("ipv4", "10.0.0", "Invalid IP address")]
    [InlineData("ipv4", "10.0.0.256", "Invalid IP address")]
    [InlineData("ipv4", "10.0.0.01", "Invalid IP address")]
    [InlineData("ipv4", "10.0.0.1.2", "Invalid IP address")]
    [InlineData("ipv4", "any", null)]
    [InlineData("ipv4-prefix", "10.0.0.0/33", "Invalid IP prefix")]
    [InlineData("ipv4-prefix", "10.0.0/8", "Invalid IP prefix")]
    [InlineData("ipv4-prefix", "10.0.0.0", null)]
    [InlineData("ipv6", "2001:db8::g", "Invalid IPv6 address")]
    [InlineData("ipv6", "fe80::1%eth0", "Invalid IPv6 address")]
    [InlineData("ipv6", "any", null)]
    [InlineData("interface", "veth1/2", "Invalid interface format")]
    [InlineData("interface", "eth3", "Invalid interface format")]
    [InlineData("interface", "veth-1", null)]
    [InlineData("interface", "veth1x", "Invalid interface format")]
    [InlineData("interface", "veth99999999", "Invalid interface format")]
    [InlineData("interface", "bond0", null)]
    [InlineData("vethernet", "eth3/2", "Invalid interface format")]
    [InlineData("interface-list", "veth3-1", "Invalid interface format")]
    [InlineData("interface-list", "veth1,", "Invalid interface format")]
    [InlineData("interface-list", "veth1-999999", "Too many interfaces, at most 4096")]
    [InlineData("name", "", "Invalid character in name")]
    [InlineData("name", "a b", "Invalid character in name")]
    [InlineData("name", "a\u0007", "Invalid character in name")]
    [InlineData("line", "a\u001b[2J", "Control character in text")]
    public void Refuses(string type, string text, string? reason)
    {
        var parsed = Parse(type, text);
        Assert.Null(parsed.Value);
        Assert.Equal(reason, parsed.Error);
    }

    [Fact]
    public void Bounds_the_length_of_names_and_lines()
    {
        Assert.Equal(new string('a', 80), Parse("name", new string('a', 80)).Value);
        Assert.Equal("Name is too long, at most 80 characters", Parse("name", new string('a', 81)).Error);
        Assert.Equal("Text is too long, at most 254 characters", Parse("line", new string('a', 255)).Error);
        Assert.Equal("Text is too long, at most 254 characters", Parse("string", new string('a', 255)).Error);
    }

    [Theory]
    [InlineData("0050.56b3.06d1")]
    [InlineData("00:50:56:B3:06:d1")]
    [InlineData("00-50-56-b3-06-d1")]
    public void Reads_MAC_addresses_in_the_forms_in_use(string text) =>
        Assert.Equal(new PhysicalAddress([0x00, 0x50, 0x56, 0xb3, 0x06, 0xd1]), Parse("mac", text).Value);

    [Fact]
    public void Reads_IP_addresses_and_networks()
    {
        Assert.Equal(IPAddress.Parse("10.0.0.5"), Parse("ipv4", "10.0.0.5").Value);
        Assert.Equal(IPNetwork.Parse("10.9.0.0/16"), Parse("ipv4-prefix", "10.9.1.2/16").Value);
        Assert.Equal(IPNetwork.Parse("0.0.0.0/0"), Parse("ipv4-prefix", "1.2.3.4/0").Value);
        Assert.Equal(IPNetwork.Parse("1.2.3.4/32"), Parse("ipv4-prefix", "1.2.3.4/32").Value);
        Assert.Equal(IPAddress.Parse("2001:db8::5"), Parse("ipv6", "2001:DB8::5").Value);
    }

    [Theory]
    [InlineData("Vethernet5", "Vethernet5", "Veth5")]
    [InlineData("veth5", "Vethernet5", "Veth5")]
    [InlineData("VETH 5", "Vethernet5", "Veth5")]
    [InlineData("v5", "Vethernet5", "Veth5")]
    [InlineData("Ethernet3/2", "Ethernet3/2", "Eth3/2")]
    [InlineData("e3/2", "Ethernet3/2", "Eth3/2")]
    [InlineData("eth 3/2", "Ethernet3/2", "Eth3/2")]
    [InlineData("po1", "port-channel1", "Po1")]
    [InlineData("port-channel 12", "port-channel12", "Po12")]
    [InlineData("mgmt0", "mgmt0", "mgmt0")]
    [InlineData("control0", "control0", "control0")]
    public void Reads_interface_names(string text, string full, string brief)
    {
        var name = Assert.IsType<InterfaceName>(Parse("interface", text).Value);
        Assert.Equal(full, name.ToString());
        Assert.Equal(brief, name.Short);
        Assert.Equal(name, InterfaceName.Parse(full));
        Assert.Equal(name, InterfaceName.Parse(brief));
    }

    [Fact]
    public void Reads_ranges_of_interfaces_each_once_in_order()
    {
        var parsed = Parse("interface-list", "Eth3/2-3,veth 2-4,Veth3,Po1");
        var names = Assert.IsAssignableFrom<IReadOnlyList<InterfaceName>>(parsed.Value);
        Assert.Equal("Ethernet3/2 Ethernet3/3 Vethernet2 Vethernet3 Vethernet4 port-channel1", string.Join(' ', names));
    }

    [Fact]
    public void Interface_names_sort_by_kind_module_and_number()
    {
        InterfaceName[] names =
        [
            InterfaceName.PortChannel(1), InterfaceName.Ethernet(4, 1), InterfaceName.Ethernet(3, 10), InterfaceName.Vethernet(2),
        ];
        Assert.Equal("Veth2 Eth3/10 Eth4/1 Po1", string.Join(' ', names.Order().Select(name => name.Short)));
        Assert.True(InterfaceName.Vethernet(2) < InterfaceName.Vethernet(10));
    }

    [Theory]
    [InlineData("word")]
    [InlineData("name")]
    [InlineData("line")]
    [InlineData("string")]
    [InlineData("vlan-id")]
    [InlineData("vlan-list")]
    [InlineData("mac")]
    [InlineData("ipv4")]
    [InlineData("ipv4-prefix")]
    [InlineData("ipv6")]
    [InlineData("interface")]
    [InlineData("vethernet")]
    [InlineData("ethernet")]
    [InlineData("interface-list")]
    [InlineData("1-300")]
    public void A_type_takes_its_own_example(string type) => Assert.NotNull(Parse(type, Types.Find(type)!.Example).Value);

    private static Parsed Parse(string type, string text) => Types.Find(type)!.Parse(text);
}

using VSwitch.Wire;
using static VSwitch.Policy.Tests.TestConfig;

namespace VSwitch.Policy.Tests;

public sealed class ConfigValidatorTests
{
    private static readonly AccessEntry PermitAll = new() { Sequence = 10, Action = AccessAction.Permit };

    [Fact]
    public void AnEmptyConfigurationHasNoProblem() => Assert.Empty(ConfigValidator.Problems(SwitchConfig.Empty));

    public static TheoryData<string, string> Problems()
    {
        var vlans = SwitchConfig.Empty.Vlans;
        var cases = new (SwitchConfig Config, string Problem)[]
        {
            (SwitchConfig.Empty with { HostName = "two words" }, "switchname two words is not 1 to 63 letters, digits, dots, dashes or underscores"),
            (SwitchConfig.Empty with { HostName = new string('a', 64) }, $"switchname {new string('a', 64)} is not 1 to 63 letters, digits, dots, dashes or underscores"),
            (SwitchConfig.Empty with { MacAgeingSeconds = 59 }, "mac address-table aging-time 59 is not 0 or 60 to 1000000 seconds"),
            (SwitchConfig.Empty with { Vlans = vlans.Remove(1) }, "VLAN 1 is the default VLAN: it cannot be removed, suspended or shut down"),
            (SwitchConfig.Empty with { Vlans = vlans.SetItem(1, new VlanConfig { Id = 1, Shutdown = true }) },
                "VLAN 1 is the default VLAN: it cannot be removed, suspended or shut down"),
            (SwitchConfig.Empty.WithVlans(3968), "VLAN 3968 is out of range or reserved, range is (1-3967,4048-4093)"),
            (SwitchConfig.Empty.WithVlans(4094), "VLAN 4094 is out of range or reserved, range is (1-3967,4048-4093)"),
            (Named(10, "two words"), "name of VLAN 10 is not one word of 1 to 32 characters"),
            (Named(10, "default"), "VLANs 1 and 10 would both be named default"),
            (Named(10, "VLAN0011").WithVlans(11), "VLANs 10 and 11 would both be named VLAN0011"),

            (With(Profile("a b")), "port-profile name a b is not one word of 1 to 80 characters"),
            (With(Profile("Unused_Or_Quarantine_Veth")), "port-profile Unused_Or_Quarantine_Veth is the switch's own"),
            (With(Profile("a", inherit: "b")), "port-profile b does not exist"),
            (With(Profile("a") with { MaxPorts = 0 }), "max-ports of port-profile a is not 1 to 256000"),
            (With(Profile("a", Up(4000))), "port-profile a: VLAN 4000 is out of range or reserved, range is (1-3967,4048-4093)"),
            (With(Profile("a", new PortConfig { MtuBytes = 1500 })), "port-profile a: only ethernet ports have an mtu; a vEth takes that of its netdev, or of vemcmd attach --mtu"),
            (With(Profile("a", new PortConfig { MtuBytes = 9217 }, type: PortProfileType.Ethernet)), "port-profile a: mtu 9217 is not 576 to 9216"),

            (With(Profile("web")).WithInterfaces(Veth(1, "wab")), "port-profile wab does not exist; did you mean web?"),
            (With(Profile("up", type: PortProfileType.Ethernet)).WithInterfaces(Veth(1, "up")), "port-profile up is of type ethernet; Vethernet1 takes one of type vethernet"),
            (With(Profile("a") with { MaxPorts = 1 }).WithInterfaces(Veth(1, "a"), Veth(2, "a")), "port-profile a has room for 1 ports (max-ports) and would have 2"),
            (SwitchConfig.Empty.WithInterfaces(Owned(1), Owned(2)), "Vethernet1 and Vethernet2 would both belong to vm, Network Adapter 1"),
            (SwitchConfig.Empty.WithInterfaces(new InterfaceConfig { Id = InterfaceId.Ethernet(2, 1) }), "Ethernet2/1: modules are numbered 3 to 252"),
            (SwitchConfig.Empty.WithInterfaces(Owned(1) with { Id = InterfaceId.Ethernet(3, 1) }), "Ethernet3/1 is an uplink and has no owner"),

            (Modules(new ModuleConfig(2, "x")), "module 2 is not 3 to 252"),
            (Modules(new ModuleConfig(3, "x"), new ModuleConfig(4, "X")), "modules 3 and 4 would both have host id x"),

            (SwitchConfig.Empty.WithList(PermitAll, PermitAll with { Sequence = 5 }), "access-list list: entry 5 is out of order"),
            (SwitchConfig.Empty.WithList(PermitAll with { Sequence = 0 }), "access-list list, entry 0: sequence numbers start at 1"),
            (SwitchConfig.Empty.WithList(PermitAll with { SourcePort = new PortMatch(PortOperator.Equal, 1, 1) }), "access-list list, entry 10: only tcp and udp have ports"),
            (SwitchConfig.Empty.WithList(PermitAll with { Established = true, Protocol = IpProtocol.Udp }), "access-list list, entry 10: only tcp has established"),
            (SwitchConfig.Empty.WithList(PermitAll with { IcmpType = 8 }), "access-list list, entry 10: only icmp has types"),
            (SwitchConfig.Empty.WithList(PermitAll with { Dscp = 64 }), "access-list list, entry 10: dscp is 0 to 63"),
            (SwitchConfig.Empty.WithList(Tcp(PortOperator.Range, 9, 8)), "access-list list, entry 10: range 9 8 runs backwards"),
            (SwitchConfig.Empty.WithList(Tcp(PortOperator.GreaterThan, 65535, 65535)), "access-list list, entry 10: gt 65535 matches no port"),
            (SwitchConfig.Empty.WithList(Tcp(PortOperator.LessThan, 0, 0)), "access-list list, entry 10: lt 0 matches no port"),
        };
        var data = new TheoryData<string, string>();
        foreach ((SwitchConfig config, string problem) in cases)
            data.Add(problem, ConfigValidator.Problems(config).FirstOrDefault() ?? "");
        return data;
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void EachProblemIsSaid(string expected, string actual) => Assert.Equal(expected, actual);

    [Fact]
    public void ARemarkNeedsNothingElseToBeRight() =>
        Assert.Empty(ConfigValidator.Problems(SwitchConfig.Empty.WithList(new AccessEntry { Sequence = 10, Remark = "why" })));

    private static SwitchConfig Named(int vlan, string name) =>
        SwitchConfig.Empty with { Vlans = SwitchConfig.Empty.Vlans.Add(vlan, new VlanConfig { Id = vlan, Name = name }) };

    private static InterfaceConfig Owned(int number) => Veth(number) with { Owner = new VethOwner("vm", 1) };

    private static AccessEntry Tcp(PortOperator @operator, int low, int high) =>
        PermitAll with { Protocol = IpProtocol.Tcp, DestinationPort = new PortMatch(@operator, (ushort)low, (ushort)high) };

    private static SwitchConfig Modules(params ModuleConfig[] modules) =>
        SwitchConfig.Empty with { Modules = SwitchConfig.Empty.Modules.AddRange(modules.Select(module => KeyValuePair.Create(module.Number, module))) };
}

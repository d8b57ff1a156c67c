using VSwitch.Policy;
using VSwitch.Wire;

namespace VSwitch.Protocol.Tests;

public sealed class PolicyMessagesTests
{
    public static TheoryData<PortPolicy> Policies() =>
    [
        new PortPolicy(),
        PortPolicy.Blocked,
        new PortPolicy
        {
            Mode = SwitchportMode.Trunk, AccessVlan = 10, NativeVlan = 4094, AllowedVlans = VlanSet.Parse("1,10-20,4000"), AdminUp = true,
            AccessGroupIn = "in", AccessGroupOut = "out", MtuBytes = 9000,
        },
        new PortPolicy { AllowedVlans = VlanSet.Empty },
    ];

    [Theory]
    [MemberData(nameof(Policies))]
    public void APolicyIsReadBack(PortPolicy policy)
    {
        PolicyState message = policy.ToMessage("Vethernet1", policy.AdminUp ? null : new PortBlock("inactive", "VLAN 10 does not exist"));

        Assert.Equal(policy, message.ToPolicy());
        Assert.Equal("Vethernet1", message.Name);
        Assert.Equal(policy.AdminUp ? "" : "inactive: VLAN 10 does not exist", message.BlockedReason);
        Assert.Equal(InterfaceId.Vethernet(1), new PortState { Interface = "Vethernet1" }.InterfaceId());
    }

    public static TheoryData<string, PolicyState> BadPolicies() => new()
    {
        { "The access VLAN of Vethernet1 is 0.", Policy(policy => policy.AccessVlan = 0) },
        { "The access VLAN of Vethernet1 is 4095.", Policy(policy => policy.AccessVlan = 4095) },
        { "The native VLAN of Vethernet1 is 4294967295.", Policy(policy => policy.NativeVlan = uint.MaxValue) },
        { "The allowed VLANs of Vethernet1 are '1-5000'.", Policy(policy => policy.AllowedVlans = "1-5000") },
        { "The mtu of Vethernet1 is 100.", Policy(policy => policy.MtuBytes = 100) },
        { "The mtu of Vethernet1 is 4294967295.", Policy(policy => policy.MtuBytes = uint.MaxValue) },
    };

    [Theory]
    [MemberData(nameof(BadPolicies))]
    public void ANumberOutOfItsRangeIsNotTaken(string problem, PolicyState policy) =>
        Assert.Equal(problem, Assert.Throws<InvalidDataException>(() => policy.ToPolicy()).Message);

    [Fact]
    public void AnAccessListIsReadBackWithoutItsRemarks()
    {
        AccessEntry[] entries =
        [
            new() { Sequence = 10, Action = AccessAction.Deny, Protocol = IpProtocol.Tcp, DestinationPort = new PortMatch(PortOperator.Equal, 23, 23) },
            new() { Sequence = 20, Action = AccessAction.Permit, Protocol = 0, Source = Ipv4Prefix.Parse("10.0.0.0/8"), Dscp = 0 },
            new() { Sequence = 25, Action = AccessAction.Permit, Protocol = IpProtocol.Icmp, IcmpType = 0 },
            new()
            {
                Sequence = 30, Action = AccessAction.Permit, Protocol = IpProtocol.Udp, Source = Ipv4Prefix.Parse("10.0.1.0 0.0.254.255"),
                SourcePort = new PortMatch(PortOperator.Range, 0, 65535), Destination = Ipv4Prefix.Parse("host 10.0.0.1"), Dscp = 63,
            },
            new() { Sequence = uint.MaxValue, Action = AccessAction.Permit, Protocol = IpProtocol.Tcp, Established = true },
        ];
        var list = new AccessListConfig { Name = "list", StatisticsPerEntry = true, Entries = [new AccessEntry { Sequence = 5, Remark = "why" }, .. entries] };

        AccessListConfig again = list.ToMessage().ToConfig();

        Assert.Equal(("list", true), (again.Name, again.StatisticsPerEntry));
        Assert.Equal(entries, again.Entries);
    }

    public static TheoryData<string, AccessListEntry> BadEntries() => new()
    {
        { "Access list list has protocol 256.", new AccessListEntry { Sequence = 1, Protocol = 256 } },
        { "Access list list has dscp 64.", new AccessListEntry { Sequence = 1, Dscp = 64 } },
        { "Access list list has ICMP type 256.", new AccessListEntry { Sequence = 1, IcmpType = 256 } },
        { "Access list list has a port match that does not exist.", new AccessListEntry { Sequence = 1, SourcePort = new PortRange { Operator = 6 } } },
        { "Access list list has a port match that does not exist.", new AccessListEntry { Sequence = 1, SourcePort = new PortRange { Operator = 1, Low = 65536 } } },
        { "Entry 0 of access list list is out of order.", new AccessListEntry { Sequence = 0 } },
    };

    [Theory]
    [MemberData(nameof(BadEntries))]
    public void AnEntryThatMakesNoSenseIsNotTaken(string problem, AccessListEntry entry)
    {
        var list = new AccessList { Name = "list", Entries = { new AccessListEntry { Sequence = 0 }, entry } };

        Assert.Equal(problem, Assert.Throws<InvalidDataException>(() => list.ToConfig()).Message);
    }

    [Fact]
    public void SettingsNameTheVlansThatForward()
    {
        SwitchConfig config = SwitchConfig.Empty with { MacAgeingSeconds = 60 };
        config = config with { Vlans = config.Vlans.Add(10, new VlanConfig { Id = 10, Suspended = true }).Add(20, new VlanConfig { Id = 20 }) };

        Settings settings = config.ToSettings();

        Assert.Equal((60u, "1,20"), (settings.MacAgeingSeconds, settings.ActiveVlans));
        Assert.Equal(VlanSet.Parse("1,20"), settings.ActiveVlanSet());
        Assert.Throws<InvalidDataException>(() => new Settings { ActiveVlans = "1;20" }.ActiveVlanSet());
    }

    private static PolicyState Policy(Action<PolicyState> change)
    {
        PolicyState policy = new PortPolicy().ToMessage("Vethernet1", null);
        change(policy);
        return policy;
    }
}

using VSwitch.Wire;
using static VSwitch.Policy.Tests.TestConfig;

namespace VSwitch.Policy.Tests;

public sealed class PolicyEvaluatorTests
{
    [Fact]
    public void TheMostSpecificWordWins()
    {
        SwitchConfig config = With(
            Profile("a", new PortConfig { Mode = SwitchportMode.Trunk, AccessVlan = 10, NativeVlan = 11, AllowedVlans = Vlans("1-5"), Shutdown = true }),
            Profile("b", new PortConfig { NativeVlan = 12, AllowedVlans = Vlans("7"), Shutdown = false, AccessGroupIn = "in-b" }, inherit: "a"),
            Profile("c", new PortConfig { AllowedVlans = Vlans("8"), AccessGroupOut = "out-c" }, inherit: "b"));

        EvaluatedPort port = PolicyEvaluator.Evaluate(config, Veth(1, "c", new PortConfig { AllowedVlans = Vlans("9") }));

        Assert.Null(port.Block);
        Assert.Equal(
            new PortPolicy
            {
                Mode = SwitchportMode.Trunk,
                AccessVlan = 10,
                NativeVlan = 12,
                AllowedVlans = Vlans("9"),
                AdminUp = true,
                AccessGroupIn = "in-b",
                AccessGroupOut = "out-c",
            },
            port.Policy);
    }

    [Fact]
    public void WhatNobodySaidHasItsDefault()
    {
        EvaluatedPort port = PolicyEvaluator.Evaluate(With(Profile("p", Up())), Veth(1, "p"));

        Assert.Equal(
            new PortPolicy { Mode = SwitchportMode.Access, AccessVlan = 1, NativeVlan = 1, AllowedVlans = VlanSet.All, AdminUp = true }, port.Policy);
    }

    [Fact]
    public void AWordTakenBackShowsTheParentsAgain()
    {
        PortProfileConfig parent = Profile("parent", Up(10));
        SwitchConfig config = With(parent, Profile("child", new PortConfig { AccessVlan = 20 }, "parent")).WithVlans(10, 20);
        Assert.Equal(20, PolicyEvaluator.Evaluate(config, Veth(1, "child")).Policy.AccessVlan);

        config = With(parent, Profile("child", PortConfig.Empty, "parent")).WithVlans(10);
        Assert.Equal(10, PolicyEvaluator.Evaluate(config, Veth(1, "child")).Policy.AccessVlan);
    }

    [Fact]
    public void TheParentsStateIsNotInherited()
    {
        SwitchConfig config = With(Profile("off", Up(), enabled: false), Profile("on", inherit: "off"), Profile("child", inherit: "on", enabled: false));

        Assert.Null(PolicyEvaluator.Evaluate(config, Veth(1, "on")).Block);
        Assert.Equal("quarantine: port-profile child is disabled", Reason(config, Veth(1, "child")));
    }

    [Fact]
    public void AQuarantinedPortForwardsNothing()
    {
        SwitchConfig config = With(Profile("up", Up(), type: PortProfileType.Ethernet));

        Assert.Equal("quarantine: no port-profile", Reason(config, Veth(1)));
        Assert.Equal("quarantine: port-profile gone does not exist", Reason(config, Veth(1, "gone")));
        Assert.Equal("quarantine: port-profile up is of type ethernet", Reason(config, Veth(1, "up")));
        Assert.Equal(PortPolicy.Blocked, PolicyEvaluator.Evaluate(config, Veth(1)).Policy);
    }

    [Fact]
    public void APortIsDownUntilSomebodySaysNoShutdown()
    {
        SwitchConfig config = With(Profile("silent"), Profile("down", new PortConfig { Shutdown = true }));

        Assert.Equal("Administratively down", Reason(config, Veth(1, "silent")));
        Assert.Equal("Administratively down", Reason(config, Veth(1, "down")));
        Assert.Null(PolicyEvaluator.Evaluate(config, Veth(1, "down", Up())).Block);
        Assert.False(PolicyEvaluator.Evaluate(config, Veth(1, "silent")).Policy.AdminUp);
    }

    [Theory]
    [InlineData(20, "inactive: VLAN 20 does not exist")]
    [InlineData(30, "inactive: VLAN 30 is suspended")]
    [InlineData(40, "inactive: VLAN 40 is shut down")]
    [InlineData(10, null)]
    public void AnAccessPortNeedsItsVlan(int vlan, string? reason)
    {
        SwitchConfig config = With(Profile("p", Up(vlan))).WithVlans(10);
        config = config with
        {
            Vlans = config.Vlans.Add(30, new VlanConfig { Id = 30, Suspended = true }).Add(40, new VlanConfig { Id = 40, Shutdown = true }),
        };

        EvaluatedPort port = PolicyEvaluator.Evaluate(config, Veth(1, "p"));

        Assert.Equal(reason, port.Block?.ToString());
        Assert.Equal(reason is null, port.Policy.AdminUp);
        Assert.Equal(vlan, port.Policy.AccessVlan);
    }

    [Fact]
    public void ATrunkStaysUpWithoutItsVlans()
    {
        var trunk = new PortConfig { Mode = SwitchportMode.Trunk, NativeVlan = 99, AllowedVlans = Vlans("98"), AccessVlan = 97, Shutdown = false };

        Assert.Null(PolicyEvaluator.Evaluate(With(Profile("p", trunk)), Veth(1, "p")).Block);
    }

    [Fact]
    public void ABrokenLineageIsQuarantineAndNotAnEndlessLoop()
    {
        SwitchConfig config = With(Profile("a", Up(), "b"), Profile("b", Up(), "a"), Profile("c", Up(), "missing"));

        Assert.Equal("quarantine: port-profile a would inherit itself: a <- b <- a", Reason(config, Veth(1, "a")));
        Assert.Equal("quarantine: port-profile missing does not exist", Reason(config, Veth(1, "c")));
    }

    private static string? Reason(SwitchConfig config, InterfaceConfig port) => PolicyEvaluator.Evaluate(config, port).Block?.ToString();
}

using static VSwitch.Policy.Tests.TestConfig;

namespace VSwitch.Policy.Tests;

public sealed class VlanReferencesTests
{
    [Fact]
    public void APortNamesItsVlans() =>
        Assert.Equal(Vlans("10,11,20-22"), VlanReferences.Of(new PortConfig { AccessVlan = 10, NativeVlan = 11, AllowedVlans = Vlans("20-22") }));

    [Theory]
    [InlineData("1-256", "1-256")]
    [InlineData("1-257", "none")]
    [InlineData("all", "none")]
    [InlineData("3960-3970,4094", "3960-3967")]
    public void ALongListNamesNoVlansAndReservedOnesAreNeverNamed(string allowed, string named) =>
        Assert.Equal(Vlans(named), VlanReferences.Of(new PortConfig { AllowedVlans = Vlans(allowed) }));

    [Fact]
    public void WhatIsNamedAndDoesNotExistIsMissing()
    {
        SwitchConfig config = With(Profile("a", Up(10)), Profile("b", Up(20))).WithVlans(10).WithInterfaces(Veth(1, "a", Up(30)));

        Assert.Equal(Vlans("20,30"), VlanReferences.Missing(config));
    }

    [Fact]
    public void SuspendedAndShutVlansAreNotActive()
    {
        SwitchConfig config = SwitchConfig.Empty.WithVlans(10);
        config = config with
        {
            Vlans = config.Vlans.Add(30, new VlanConfig { Id = 30, Suspended = true }).Add(40, new VlanConfig { Id = 40, Shutdown = true }),
        };

        Assert.Equal(Vlans("1,10"), VlanReferences.Active(config));
        Assert.Equal(Vlans("1,10,30,40"), VlanReferences.Existing(config));
    }
}

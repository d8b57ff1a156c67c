namespace VSwitch.Policy.Tests;

public sealed class InterfaceIdTests
{
    [Theory]
    [InlineData("Vethernet1", "Veth1")]
    [InlineData("Ethernet3/12", "Eth3/12")]
    public void ANameIsReadBack(string name, string shortName)
    {
        Assert.True(InterfaceId.TryParse(name, out InterfaceId id));
        Assert.Equal((name, shortName), (id.ToString(), id.ToShortString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Vethernet")]
    [InlineData("Vethernet0")]
    [InlineData("Vethernet-1")]
    [InlineData("Vethernet99999999999")]
    [InlineData("vethernet1")]
    [InlineData("Ethernet3")]
    [InlineData("Ethernet/3")]
    [InlineData("Ethernet3/")]
    [InlineData("Eth/rnet3/1")]
    [InlineData("Ethernet3/1/1")]
    public void AnythingElseIsNoInterface(string name) => Assert.False(InterfaceId.TryParse(name, out _));

    [Fact]
    public void EthernetsSortBeforeVethernetsByModuleAndNumber()
    {
        InterfaceId[] sorted =
            [InterfaceId.Ethernet(3, 2), InterfaceId.Ethernet(3, 10), InterfaceId.Ethernet(4, 1), InterfaceId.Vethernet(2), InterfaceId.Vethernet(10)];

        Assert.Equal(sorted, sorted.Reverse().Order());
    }
}

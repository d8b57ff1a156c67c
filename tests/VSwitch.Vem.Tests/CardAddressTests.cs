using VSwitch.Wire;

namespace VSwitch.Vem.Tests;

public sealed class CardAddressTests
{
    [Fact]
    public void A_card_keeps_its_address_and_no_two_share_one()
    {
        MacAddress[] addresses =
        [
            CardAddress.Of("web1", 1, "host-a"), CardAddress.Of("web1", 2, "host-a"), CardAddress.Of("web2", 1, "host-a"), CardAddress.Of("web1", 1, "host-b"),
        ];

        Assert.Equal(addresses[0], CardAddress.Of("web1", 1, "host-a"));
        Assert.Equal(addresses.Length, addresses.Distinct().Count());
        Assert.All(addresses, address => Assert.True(address is { IsStation: true, IsLocallyAdministered: true }));
    }
}

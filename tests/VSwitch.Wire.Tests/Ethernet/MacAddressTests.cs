namespace VSwitch.Wire.Tests.Ethernet;

public class MacAddressTests
{
    [Theory]
    [InlineData("0050.56b3.06d1")]
    [InlineData("0050.56B3.06D1")]
    [InlineData("00:50:56:b3:06:d1")]
    [InlineData("00:50:56:B3:06:D1")]
    [InlineData("00-50-56-b3-06-d1")]
    public void EveryFormMeansTheSameAddress(string text)
    {
        Assert.True(MacAddress.TryParse(text, out MacAddress address));
        Assert.Equal(0x0050_56B3_06D1UL, address.Value);
        Assert.Equal(address, MacAddress.Parse(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("005056b306d1")]
    [InlineData("0050.56b3.06d")]
    [InlineData("0050.56b3.06d12")]
    [InlineData("0050:56b3:06d1")]
    [InlineData("0050.56b3.06dg")]
    [InlineData("00:50:56-b3:06:d1")]
    [InlineData("00-50:56:b3:06:d1")]
    [InlineData("00.50.56.b3.06.d1")]
    [InlineData("0:50:56:b3:06:d10")]
    [InlineData("00:50:56:b3:06:d1 ")]
    [InlineData("٠0:50:56:b3:06:d1")]
    public void OtherTextIsRefused(string text)
    {
        Assert.False(MacAddress.TryParse(text, out MacAddress address));
        Assert.Equal(MacAddress.Zero, address);
        Assert.Throws<FormatException>(() => MacAddress.Parse(text));
    }

    [Fact]
    public void FormatsAsSupervisorAndAsLinux()
    {
        var address = new MacAddress(0x0050_56B3_06D1);
        Assert.Equal("0050.56b3.06d1", address.ToCisco());
        Assert.Equal("00:50:56:b3:06:d1", address.ToColon());
        Assert.Equal("0050.56b3.06d1", address.ToString());
        Assert.Equal("0000.0000.0000", MacAddress.Zero.ToCisco());
    }

    [Theory]
    [InlineData("00:50:56:b3:06:d1", false, false, false, true)]
    [InlineData("52:54:00:12:34:56", false, false, true, true)]
    [InlineData("01:00:5e:00:00:01", true, false, false, false)]
    [InlineData("33:33:00:00:00:01", true, false, true, false)]
    [InlineData("ff:ff:ff:ff:ff:ff", true, true, true, false)]
    [InlineData("00:00:00:00:00:00", false, false, false, false)]
    public void TellsKindsApart(string text, bool isMulticast, bool isBroadcast, bool isLocal, bool isStation)
    {
        MacAddress address = MacAddress.Parse(text);
        Assert.Equal(isMulticast, address.IsMulticast);
        Assert.Equal(isBroadcast, address.IsBroadcast);
        Assert.Equal(isLocal, address.IsLocallyAdministered);
        Assert.Equal(isStation, address.IsStation);
    }

    [Fact]
    public void ReadsAndWritesTheWire()
    {
        byte[] wire = Hex.Bytes("00 50 56 b3 06 d1 aa");
        MacAddress address = MacAddress.Read(wire);
        Assert.Equal("0050.56b3.06d1", address.ToCisco());

        byte[] written = Hex.Bytes("ee ee ee ee ee ee ee");
        address.Write(written);
        Assert.Equal(Hex.Bytes("00 50 56 b3 06 d1 ee"), written);
    }

    [Fact]
    public void OrdersAsTheWireDoes()
    {
        MacAddress low = MacAddress.Parse("0050.56b3.06d1");
        MacAddress high = MacAddress.Parse("0150.56b3.06d0");
        Assert.True(low < high && high > low && low <= high && high >= low);
        Assert.True(low.CompareTo(high) < 0);
    }

    [Theory]
    [InlineData("01:80:c2:00:00:00", true, false)]
    [InlineData("01:80:c2:00:00:0e", true, false)]
    [InlineData("01:80:c2:00:00:0f", true, false)]
    [InlineData("01:80:c2:00:00:10", false, false)]
    [InlineData("00:80:c2:00:00:00", false, false)]
    [InlineData("01:00:0c:cc:cc:cc", false, true)]
    [InlineData("01:00:0c:cc:cc:cd", false, true)]
    [InlineData("01:00:0c:cc:cc:ce", false, false)]
    public void KnowsTheGroupsThatSwitchesKeep(string text, bool isReserved, bool isCisco)
    {
        MacAddress address = MacAddress.Parse(text);
        Assert.Equal(isReserved, GroupAddress.IsReserved(address));
        Assert.Equal(isCisco, GroupAddress.IsCisco(address));
    }
}

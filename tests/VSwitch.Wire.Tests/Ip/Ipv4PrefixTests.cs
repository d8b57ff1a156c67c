namespace VSwitch.Wire.Tests.Ip;

public class Ipv4PrefixTests
{
    [Theory]
    [InlineData("any", "any")]
    [InlineData("0.0.0.0/0", "any")]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("10.1.2.3/8", "10.0.0.0/8")]
    [InlineData("host 10.0.0.10", "10.0.0.10/32")]
    [InlineData("10.0.0.10", "10.0.0.10/32")]
    [InlineData("10.9.0.0 0.0.255.255", "10.9.0.0/16")]
    [InlineData("10.9.0.0 0.0.0.0", "10.9.0.0/32")]
    [InlineData("1.2.3.4 255.255.255.255", "any")]
    [InlineData("10.0.7.1 0.0.255.0", "10.0.0.1 0.0.255.0")]
    [InlineData("128.0.0.0/1", "128.0.0.0/1")]
    public void ReadsEveryFormAndPrintsOne(string text, string printed)
    {
        Ipv4Prefix prefix = Ipv4Prefix.Parse(text);
        Assert.Equal(printed, prefix.ToString());
        Assert.Equal(prefix, Ipv4Prefix.Parse(printed));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0/8")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("10.0.0.0/008")]
    [InlineData("/8")]
    [InlineData("10.0.0.256/8")]
    [InlineData("10.0.0.0.0/8")]
    [InlineData("host 10.0.0.0/8")]
    [InlineData("host")]
    [InlineData("host ")]
    [InlineData("10.0.0.0  0.0.0.255")]
    [InlineData("10.0.0.0 0.0.0")]
    [InlineData("ANY")]
    public void OtherTextIsRefused(string text)
    {
        Assert.False(Ipv4Prefix.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Ipv4Prefix.Parse(text));
    }

    [Theory]
    [InlineData("1.2.3.4", 0x01020304u)]
    [InlineData("255.255.255.255", 0xFFFFFFFFu)]
    [InlineData("0.0.0.0", 0u)]
    public void AddressesAreNumbersInHostOrder(string text, uint value)
    {
        Assert.Equal(value, Ipv4Address.Parse(text).Value);
        Assert.Equal(text, new Ipv4Address(value).ToString());
        byte[] wire = new byte[4];
        new Ipv4Address(value).Write(wire);
        Assert.Equal(text, string.Join('.', wire));
        Assert.Equal(value, Ipv4Address.Read(wire).Value);
    }

    [Theory]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.04")]
    [InlineData("1.2.3.0x4")]
    [InlineData("1.2..4")]
    [InlineData("1.2.3.4 ")]
    [InlineData("1.2.3.1000")]
    [InlineData("16909060")]
    public void AddressesTakeNoOtherForm(string text) => Assert.False(Ipv4Address.TryParse(text, out _));

    [Theory]
    [InlineData("10.0.0.0/8", "10.255.255.255", true)]
    [InlineData("10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("any", "0.0.0.0", true)]
    [InlineData("host 1.2.3.4", "1.2.3.4", true)]
    [InlineData("host 1.2.3.4", "1.2.3.5", false)]
    [InlineData("10.0.0.1 0.0.255.0", "10.0.77.1", true)]
    [InlineData("10.0.0.1 0.0.255.0", "10.0.77.2", false)]
    public void ContainsAddresses(string prefix, string address, bool expected)
    {
        Assert.Equal(expected, Ipv4Prefix.Parse(prefix).Contains(Ipv4Address.Parse(address)));
        Assert.Equal(expected, Ipv4Prefix.Parse(prefix).Contains(Ipv4Address.Parse(address).Value));
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.9.0.0/16", true)]
    [InlineData("10.9.0.0/16", "10.0.0.0/8", false)]
    [InlineData("10.0.0.0/8", "10.0.0.0/8", true)]
    [InlineData("any", "10.0.0.1 0.0.255.0", true)]
    [InlineData("10.0.0.0/24", "10.0.0.1 0.0.255.0", false)]
    public void ContainsPrefixes(string outer, string inner, bool expected) =>
        Assert.Equal(expected, Ipv4Prefix.Parse(outer).Contains(Ipv4Prefix.Parse(inner)));

    [Fact]
    public void EveryLengthMakesItsMask()
    {
        for (int length = 0; length <= 32; length++)
        {
            Ipv4Prefix prefix = Ipv4Prefix.Of(new Ipv4Address(uint.MaxValue), length);
            Assert.Equal(length, System.Numerics.BitOperations.PopCount(prefix.Mask));
            Assert.Equal(length, prefix.Length);
            Assert.True(prefix.IsContiguous);
        }

        Assert.False(Ipv4Prefix.Parse("10.0.0.1 0.0.255.0").IsContiguous);
        Assert.Throws<ArgumentOutOfRangeException>(() => Ipv4Prefix.Of(default, 33));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ipv4Prefix.Of(default, -1));
    }
}

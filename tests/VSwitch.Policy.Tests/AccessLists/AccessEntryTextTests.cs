using VSwitch.Wire;

namespace VSwitch.Policy.Tests;

public sealed class AccessEntryTextTests
{
    [Fact]
    public void AnEntryReadsAsInNxOs()
    {
        var entry = new AccessEntry
        {
            Sequence = 10,
            Action = AccessAction.Permit,
            Protocol = IpProtocol.Tcp,
            Source = Ipv4Prefix.Parse("10.0.0.0 0.0.0.255"),
            SourcePort = new PortMatch(PortOperator.GreaterThan, 1023, 1023),
            Destination = Ipv4Prefix.Parse("host 10.0.0.10"),
            DestinationPort = new PortMatch(PortOperator.Range, 20, 80),
            Established = true,
            Dscp = 46,
        };

        Assert.Equal("10 permit tcp 10.0.0.0/24 gt 1023 10.0.0.10/32 range ftp-data www dscp ef established", AccessEntryText.Of(entry));
    }

    [Fact]
    public void APortsNameDependsOnTheProtocol()
    {
        var port = new PortMatch(PortOperator.Equal, 514, 514);
        var entry = new AccessEntry { Sequence = 20, Action = AccessAction.Deny, Protocol = IpProtocol.Tcp, DestinationPort = port };

        Assert.Equal("20 deny tcp any any eq cmd", AccessEntryText.Of(entry));
        Assert.Equal("20 deny udp any any eq syslog", AccessEntryText.Of(entry with { Protocol = IpProtocol.Udp }));
    }

    [Theory]
    [InlineData(null, "30 permit ip any any")]
    [InlineData((byte)47, "30 permit gre any any")]
    [InlineData((byte)200, "30 permit 200 any any")]
    public void AProtocolHasANameOrANumber(byte? protocol, string text) =>
        Assert.Equal(text, AccessEntryText.Of(new AccessEntry { Sequence = 30, Protocol = protocol }));

    [Fact]
    public void ARemarkIsItsText() => Assert.Equal("5 remark web only", AccessEntryText.Of(new AccessEntry { Sequence = 5, Remark = "web only" }));
}

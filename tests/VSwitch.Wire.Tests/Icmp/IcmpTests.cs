namespace VSwitch.Wire.Tests.Icmp;

public class IcmpTests
{
    [Fact]
    public void ReadsAnEcho()
    {
        byte[] bytes = Hex.Bytes("""
            08 00 81 68         # echo request, checksum
            12 34 00 01         # identifier, sequence number
            64 62               # payload
            """);
        Assert.True(IcmpView.TryParse(bytes, out IcmpView view));
        Assert.Equal((IcmpView.EchoRequest, 0, 0x8168), (view.Type, view.Code, view.ChecksumField));
        Assert.Equal((0x1234, 1), (view.Identifier, view.SequenceNumber));
        Assert.Equal("6462", Convert.ToHexString(view.Payload));
        Assert.True(view.IsChecksumValid);
        bytes[9] ^= 1;
        Assert.True(IcmpView.TryParse(bytes, out IcmpView changed));
        Assert.False(changed.IsChecksumValid);
        Assert.False(IcmpView.TryParse(bytes.AsSpan(0, 7), out _));
    }

    [Fact]
    public void ReadsANeighborSolicitation()
    {
        byte[] bytes = Hex.Bytes("""
            87 00 00 00 00 00 00 00                             # type, code, checksum, reserved
            fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 01     # target
            """);
        Assert.True(Icmpv6View.TryParse(bytes, out Icmpv6View view));
        Assert.Equal((Icmpv6View.NeighborSolicitation, 0, 16), (view.Type, view.Code, view.Payload.Length));
        Assert.True(view.IsNeighborDiscovery);
        Assert.False(Icmpv6View.TryParse(bytes.AsSpan(0, 7), out _));
    }

    [Theory]
    [InlineData(Icmpv6View.EchoRequest, false)]
    [InlineData(Icmpv6View.MldDone, false)]
    [InlineData(Icmpv6View.RouterSolicitation, true)]
    [InlineData(Icmpv6View.Redirect, true)]
    [InlineData(Icmpv6View.MldV2Report, false)]
    public void KnowsNeighborDiscovery(byte type, bool expected)
    {
        Assert.True(Icmpv6View.TryParse([type, 0, 0, 0, 0, 0, 0, 0], out Icmpv6View view));
        Assert.Equal(expected, view.IsNeighborDiscovery);
    }

    [Fact]
    public void ReadsAMembershipReport()
    {
        byte[] bytes = Hex.Bytes("16 00 06 fb e1 01 02 03   # version 2 report, checksum, 225.1.2.3");
        Assert.True(IgmpView.TryParse(bytes, out IgmpView view));
        Assert.Equal((IgmpView.V2Report, 0, "225.1.2.3"), (view.Type, view.MaxResponseCode, view.Group.ToString()));
        Assert.True(view.IsChecksumValid);
        Assert.False(IgmpView.TryParse(bytes.AsSpan(0, 7), out _));
    }
}

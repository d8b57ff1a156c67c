using System.Buffers.Binary;

namespace VSwitch.Wire.Tests.Ip;

public class Ipv6Tests
{
    private const string Source = "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01";
    private const string Destination = "fe 80 00 00 00 00 00 00 02 50 56 ff fe b3 06 d1";

    [Fact]
    public void ReadsAndBuildsEveryField()
    {
        byte[] packet = Hex.Bytes($"""
            6b 8a bc de             # version 6, traffic class 0xb8, flow label 0xabcde
            00 02 11 40             # 2 bytes, UDP, hop limit 64
            {Source} {Destination}
            de ad 00                # payload, padding
            """);
        Assert.True(Ipv6View.TryParse(packet, out Ipv6View view));
        Assert.Equal((0xB8, 0xABCDE), (view.TrafficClass, view.FlowLabel));
        Assert.Equal((IpProtocol.Udp, 64), (view.NextHeader, view.HopLimit));
        Assert.Equal(UInt128.Parse("20010db8000000000000000000000001", System.Globalization.NumberStyles.HexNumber), view.Source);
        Assert.Equal(BinaryPrimitives.ReadUInt128BigEndian(Hex.Bytes(Destination)), view.Destination);
        Assert.Equal("DEAD", Convert.ToHexString(view.Payload));
        Assert.Equal(new Ipv6UpperLayer(IpProtocol.Udp, 0, 0, false), view.UpperLayer);

        byte[] built = new byte[40];
        Ipv6Builder builder = Ipv6Builder.Create(built);
        builder.TrafficClass = view.TrafficClass;
        builder.FlowLabel = view.FlowLabel;
        builder.PayloadBytes = 2;
        builder.NextHeader = view.NextHeader;
        builder.HopLimit = view.HopLimit;
        builder.Source = view.Source;
        builder.Destination = view.Destination;
        Assert.Equal(packet[..40], built);
    }

    [Theory]
    [InlineData(0, 0x40)] // version 4
    [InlineData(5, 0x03)] // 3 bytes of 2
    public void LiesAreRefused(int index, byte value)
    {
        byte[] packet = Hex.Bytes($"60 00 00 00 00 02 11 40 {Source} {Destination} de ad");
        Assert.True(Ipv6Builder.TryParse(packet, out _));
        packet[index] = value;
        Assert.False(Ipv6View.TryParse(packet, out _));
        Assert.False(Ipv6Builder.TryParse(packet, out _));
    }

    [Fact]
    public void WalksEveryKindOfExtensionHeader()
    {
        byte[] payload = Hex.Bytes("""
            2b 00 01 04 00 00 00 00                             # hop-by-hop, 8 bytes; then routing
            2c 02 04 00 00 00 00 00 00 00 00 00 00 00 00 00     # routing, 24 bytes; then fragment
            00 00 00 00 00 00 00 00
            33 00 00 01 00 00 00 07                             # first fragment; then authentication
            3c 04 00 00 00 00 00 01 00 00 00 01                 # authentication, 24 bytes; then destination options
            00 00 00 00 00 00 00 00 00 00 00 00
            06 00 01 04 00 00 00 00                             # destination options, 8 bytes; then TCP
            9c 40                                               # TCP
            """);
        Assert.True(Ipv6UpperLayer.TryFind(payload, IpProtocol.HopByHopOptions, out Ipv6UpperLayer upper));
        Assert.Equal(new Ipv6UpperLayer(IpProtocol.Tcp, Offset: 72, FragmentOffset: 0, MoreFragments: true), upper);
        Assert.True(upper.IsFragment);

        for (int length = 0; length < 72; length++)
            Assert.False(Ipv6UpperLayer.TryFind(payload.AsSpan(0, length), IpProtocol.HopByHopOptions, out _));
    }

    [Fact]
    public void StopsAtALaterFragment()
    {
        byte[] payload = Hex.Bytes("3c 00 00 b9 00 00 00 07 ff ff");
        Assert.True(Ipv6UpperLayer.TryFind(payload, IpProtocol.Ipv6Fragment, out Ipv6UpperLayer upper));
        var expected = new Ipv6UpperLayer(IpProtocol.Ipv6DestinationOptions, Offset: 8, FragmentOffset: 23, MoreFragments: true);
        Assert.Equal(expected, upper);
    }

    [Fact]
    public void ASecondFragmentHeaderDoesNotHideTheFirst()
    {
        byte[] payload = Hex.Bytes("2c 00 00 01 00 00 00 07 06 00 00 00 00 00 00 07");
        Assert.True(Ipv6UpperLayer.TryFind(payload, IpProtocol.Ipv6Fragment, out Ipv6UpperLayer upper));
        Assert.True(upper.IsFragment);
    }

    [Theory]
    [InlineData(IpProtocol.Esp)]
    [InlineData(IpProtocol.Ipv6NoNextHeader)]
    [InlineData(135)] // mobility
    public void OtherHeadersEndTheWalk(byte nextHeader)
    {
        Assert.True(Ipv6UpperLayer.TryFind([], nextHeader, out Ipv6UpperLayer upper));
        Assert.Equal(new Ipv6UpperLayer(nextHeader, 0, 0, false), upper);
    }

    [Fact]
    public void TheWalkIsBounded()
    {
        // Destination options of eight bytes, each announcing another; the last announces TCP.
        byte[] Options(int count) =>
            [.. Enumerable.Range(1, count).SelectMany(i => new byte[] { (byte)(i == count ? 6 : 60), 0, 1, 4, 0, 0, 0, 0 })];

        Assert.True(Ipv6UpperLayer.TryFind(Options(8), 60, out Ipv6UpperLayer upper));
        Assert.Equal((IpProtocol.Tcp, 64), (upper.Protocol, upper.Offset));
        Assert.False(Ipv6UpperLayer.TryFind(Options(9), 60, out _));
    }
}

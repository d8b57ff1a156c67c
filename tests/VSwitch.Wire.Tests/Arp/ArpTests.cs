namespace VSwitch.Wire.Tests.Arp;

public class ArpTests
{
    private const string Request = """
        00 01 08 00 06 04 00 01             # Ethernet, IPv4, 6, 4, request
        00 50 56 b3 06 d1 0a 00 00 01       # sender
        00 00 00 00 00 00 0a 00 00 02       # target
        """;

    [Fact]
    public void ReadsARequest()
    {
        byte[] bytes = Hex.Bytes(Request);
        Assert.True(ArpView.TryParse(bytes, out ArpView view));
        Assert.Equal(ArpOperation.Request, view.Operation);
        Assert.Equal(("0050.56b3.06d1", "10.0.0.1"), (view.SenderMac.ToString(), view.SenderIp.ToString()));
        Assert.Equal(("0000.0000.0000", "10.0.0.2"), (view.TargetMac.ToString(), view.TargetIp.ToString()));
        Assert.False(view.IsGratuitous);

        var written = new byte[28];
        Assert.Equal(28, ArpView.Write(written, view.Operation, view.SenderMac, view.SenderIp, view.TargetMac, view.TargetIp));
        Assert.Equal(bytes, written);
    }

    [Theory]
    [InlineData("0a 00 00 01", "0a 00 00 01", true)]
    [InlineData("0a 00 00 01", "0a 00 00 02", false)]
    [InlineData("00 00 00 00", "00 00 00 00", false)]
    public void KnowsAnAnnouncement(string sender, string target, bool isGratuitous)
    {
        byte[] bytes = Hex.Bytes($"00 01 08 00 06 04 00 02 00 50 56 b3 06 d1 {sender} 00 50 56 b3 06 d1 {target}");
        Assert.True(ArpView.TryParse(bytes, out ArpView view));
        Assert.Equal(isGratuitous, view.IsGratuitous);
    }

    [Theory]
    [InlineData("00 06 08 00 06 04 00 01")] // hardware IEEE 802
    [InlineData("00 01 86 dd 06 04 00 01")] // protocol IPv6
    [InlineData("00 01 08 00 08 04 00 01")] // addresses of 8 bytes
    [InlineData("00 01 08 00 06 10 00 01")] // addresses of 16 bytes
    public void OtherHardwareAndProtocolsAreRefused(string start)
    {
        byte[] bytes = [.. Hex.Bytes(start), .. new byte[20]];
        Assert.False(ArpView.TryParse(bytes, out _));
    }

    [Fact]
    public void ShortPacketsAreRefused() => Assert.False(ArpView.TryParse(Hex.Bytes(Request).AsSpan(0, 27), out _));

    /// <summary>Byte for byte what QEMU sends on announce_self.</summary>
    [Fact]
    public void RarpAnnouncesAStation()
    {
        byte[] frame = new byte[64];
        Array.Fill(frame, (byte)0xEE);
        Assert.Equal(60, RarpAnnouncement.Write(frame, MacAddress.Parse("52:54:00:12:34:56")));
        byte[] expected = Hex.Bytes("""
            ff ff ff ff ff ff 52 54 00 12 34 56 80 35       # broadcast, RARP
            00 01 08 00 06 04 00 03                         # Ethernet, IPv4, 6, 4, reverse request
            52 54 00 12 34 56 00 00 00 00                   # sender
            52 54 00 12 34 56 00 00 00 00                   # target: itself
            00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
            """);
        Assert.Equal(expected, frame[..60]);
        Assert.Equal([0xEE, 0xEE, 0xEE, 0xEE], frame[60..]);
    }
}

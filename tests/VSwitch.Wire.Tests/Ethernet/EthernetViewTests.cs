namespace VSwitch.Wire.Tests.Ethernet;

public class EthernetViewTests
{
    [Fact]
    public void ReadsATypedFrame()
    {
        byte[] frame = Hex.Bytes("""
            52 54 00 12 34 56       # destination
            00 50 56 b3 06 d1       # source
            86 dd                   # IPv6
            60 00                   # payload
            """);
        Assert.True(EthernetView.TryParse(frame, out EthernetView view));
        Assert.Equal("5254.0012.3456", view.Destination.ToCisco());
        Assert.Equal("0050.56b3.06d1", view.Source.ToCisco());
        Assert.Equal(EtherType.Ipv6, view.EtherType);
        Assert.False(view.IsLlc);
        Assert.Equal("6000", Convert.ToHexString(view.Payload));

        var written = new byte[14];
        Assert.Equal(14, EthernetView.Write(written, view.Destination, view.Source, view.EtherType));
        Assert.Equal(frame[..14], written);
    }

    /// <summary>A BPDU is padded to 60 bytes; the length field tells which of them count.</summary>
    [Fact]
    public void ALengthFieldTrimsThePadding()
    {
        byte[] frame = Hex.Bytes("01 80 c2 00 00 00 00 50 56 b3 06 d1 00 03 42 42 03 00 00 00");
        Assert.True(EthernetView.TryParse(frame, out EthernetView view));
        Assert.True(view.IsLlc);
        Assert.Equal("424203", Convert.ToHexString(view.Payload));
    }

    [Fact]
    public void ALyingLengthFieldIsCutToTheFrame()
    {
        byte[] frame = Hex.Bytes("01 80 c2 00 00 00 00 50 56 b3 06 d1 05 dc 42 42 03");
        Assert.True(EthernetView.TryParse(frame, out EthernetView view));
        Assert.Equal(3, view.Payload.Length);
    }

    [Fact]
    public void LengthsEndWhereTypesDoNotYetStart()
    {
        Assert.True(EthernetView.TryParse(Hex.Bytes("00 00 00 00 00 00 00 00 00 00 00 00 05 dc"), out EthernetView longest));
        Assert.True(longest.IsLlc);
        Assert.True(EthernetView.TryParse(Hex.Bytes("00 00 00 00 00 00 00 00 00 00 00 00 06 00"), out EthernetView lowest));
        Assert.False(lowest.IsLlc);
    }

    [Fact]
    public void RuntsAreRefused()
    {
        Assert.False(EthernetView.TryParse(new byte[13], out _));
        Assert.True(EthernetView.TryParse(new byte[14], out EthernetView view));
        Assert.True(view.Payload.IsEmpty);
    }
}

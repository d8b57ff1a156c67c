namespace VSwitch.Wire.Tests.Llc;

public class LlcTests
{
    [Fact]
    public void ReadsABpdu()
    {
        byte[] bytes = Hex.Bytes("42 42 03 00 00 02 02 3c");
        Assert.True(LlcView.TryParse(bytes, out LlcView view));
        Assert.Equal((0x42, 0x42, 0x03), (view.DestinationAccessPoint, view.SourceAccessPoint, view.Control));
        Assert.True(view.IsSpanningTree);
        Assert.Equal("000002023C", Convert.ToHexString(view.Payload));
        Assert.False(SnapView.TryParse(bytes, out _));
        Assert.False(LlcView.TryParse(bytes.AsSpan(0, 2), out _));
    }

    [Fact]
    public void ReadsAndWritesCdp()
    {
        byte[] bytes = Hex.Bytes("""
            aa aa 03            # SNAP
            00 00 0c            # Cisco
            20 00               # CDP
            02 b4               # version, time to live
            """);
        Assert.True(LlcView.TryParse(bytes, out LlcView llc));
        Assert.False(llc.IsSpanningTree);
        Assert.True(SnapView.TryParse(bytes, out SnapView view));
        Assert.Equal((SnapView.CiscoOrganization, SnapView.CdpProtocol), (view.Organization, view.Protocol));
        Assert.Equal("02B4", Convert.ToHexString(view.Payload));

        var written = new byte[8];
        Assert.Equal(8, SnapView.Write(written, SnapView.CiscoOrganization, SnapView.CdpProtocol));
        Assert.Equal(bytes[..8], written);
        Assert.False(SnapView.TryParse(bytes.AsSpan(0, 7), out _));
    }
}

namespace VSwitch.Wire.Tests.Vlan;

public class VlanTagTests
{
    private const string Untagged = """
        ff ff ff ff ff ff 00 50 56 b3 06 d1     # destination, source
        08 06 de ad                             # type, payload
        """;

    private const string Tagged = """
        ff ff ff ff ff ff 00 50 56 b3 06 d1     # destination, source
        81 00 b0 64                             # C-tag: PCP 5, DEI 1, VID 100
        08 06 de ad                             # type, payload
        """;

    [Fact]
    public void TciHasThreeFields()
    {
        var tci = VlanTci.Of(vid: 100, pcp: 5, dei: true);
        Assert.Equal(0xB064, tci.Value);
        Assert.Equal((100, 5, true), (tci.Vid, tci.Pcp, tci.Dei));
        Assert.Equal(new VlanTci(0x0FFF), VlanTci.Of(vid: 4095));
        Assert.Equal(new VlanTci(0xE000), VlanTci.Of(vid: 0, pcp: 7));
    }

    [Fact]
    public void ViewReadsTagAfterTag()
    {
        byte[] frame = Hex.Bytes("""
            01 00 5e 00 00 01 00 50 56 b3 06 d1     # destination, source
            88 a8 60 0a                             # S-tag: PCP 3, DEI 0, VID 10
            81 00 b0 64                             # C-tag: PCP 5, DEI 1, VID 100
            08 00 45                                # type, payload
            """);
        Assert.True(EthernetView.TryParse(frame, out EthernetView ethernet));
        Assert.Equal(EtherType.STag, ethernet.EtherType);
        Assert.True(VlanTagView.TryParse(ethernet.Payload, out VlanTagView outer));
        Assert.Equal(VlanTci.Of(10, 3), outer.Tci);
        Assert.Equal(EtherType.CTag, outer.EtherType);
        Assert.True(VlanTagView.TryParse(outer.Payload, out VlanTagView inner));
        Assert.Equal(VlanTci.Of(100, 5, dei: true), inner.Tci);
        Assert.Equal(EtherType.Ipv4, inner.EtherType);
        Assert.Equal("45", Convert.ToHexString(inner.Payload));
        Assert.False(VlanTagView.TryParse(inner.Payload, out _));
    }

    [Fact]
    public void PushUsesTheRoomInFront()
    {
        byte[] bytes = [0, 0, 0, 0, .. Hex.Bytes(Untagged)];
        VlanTag.Push(bytes, EtherType.CTag, VlanTci.Of(100, 5, dei: true));
        Assert.Equal(Hex.Bytes(Tagged), bytes);
    }

    [Fact]
    public void PopLeavesTheRoomInFront()
    {
        byte[] bytes = Hex.Bytes(Tagged);
        VlanTag.Pop(bytes);
        Assert.Equal(Hex.Bytes(Untagged), bytes[VlanTag.Bytes..]);
    }
}

namespace VSwitch.Wire.Tests.Ip;

public class Ipv4Tests
{
    /// <summary>With one option, so that the header is not of the usual size; the checksum was made by scapy.</summary>
    private static readonly byte[] Bytes = Hex.Bytes("""
        46 b8 00 1c             # version 4, 24-byte header, DSCP 46, 28 bytes in all
        12 34 40 00             # identification, don't fragment
        40 11 a6 a9             # time to live 64, UDP, checksum
        c0 00 02 01             # 192.0.2.1
        c6 33 64 02             # 198.51.100.2
        94 04 00 00             # router alert
        de ad be ef             # payload
        """);

    [Fact]
    public void ReadsEveryField()
    {
        byte[] padded = [.. Bytes, 0, 0, 0];
        Assert.True(Ipv4View.TryParse(padded, out Ipv4View view));
        Assert.Equal((24, 28, 0xB8), (view.HeaderBytes, view.TotalBytes, view.TrafficClass));
        Assert.Equal((0x1234, 64, IpProtocol.Udp), (view.Identification, view.TimeToLive, view.Protocol));
        Assert.Equal((true, false, false, 0), (view.DontFragment, view.MoreFragments, view.IsFragment, view.FragmentOffset));
        Assert.Equal(("192.0.2.1", "198.51.100.2"), (view.Source.ToString(), view.Destination.ToString()));
        Assert.Equal("94040000", Convert.ToHexString(view.Options));
        Assert.Equal("DEADBEEF", Convert.ToHexString(view.Payload));
        Assert.Equal(0xA6A9, view.HeaderChecksum);
        Assert.True(view.IsHeaderChecksumValid);
    }

    [Fact]
    public void AnyChangedBitBreaksTheChecksum()
    {
        for (int bit = 64; bit < 24 * 8; bit++)
        {
            byte[] changed = [.. Bytes];
            changed[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.True(Ipv4View.TryParse(changed, out Ipv4View view));
            Assert.False(view.IsHeaderChecksumValid);
        }
    }

    [Theory]
    [InlineData("20 00", true, true, 0)]
    [InlineData("00 b9", true, false, 185)]
    [InlineData("3f ff", true, true, 8191)]
    [InlineData("c0 00", false, false, 0)]
    public void ReadsFragments(string field, bool isFragment, bool moreFragments, int offset)
    {
        byte[] changed = [.. Bytes[..6], .. Hex.Bytes(field), .. Bytes[8..]];
        Assert.True(Ipv4View.TryParse(changed, out Ipv4View view));
        Assert.Equal((isFragment, moreFragments, offset), (view.IsFragment, view.MoreFragments, view.FragmentOffset));
    }

    [Fact]
    public void BuildsTheSameHeader()
    {
        byte[] packet = new byte[20];
        Ipv4Builder builder = Ipv4Builder.Create(packet);
        builder.TrafficClass = 0xB8;
        builder.TotalBytes = 20;
        builder.Identification = 0x1234;
        builder.FragmentField = Ipv4View.DontFragmentBit;
        builder.TimeToLive = 64;
        builder.Protocol = IpProtocol.Udp;
        builder.Source = Ipv4Address.Parse("192.0.2.1");
        builder.Destination = Ipv4Address.Parse("198.51.100.2");
        builder.CompleteChecksum();
        Assert.Equal("45B800141234400040", Convert.ToHexString(packet[..9]));
        Assert.True(Ipv4View.TryParse(packet, out Ipv4View view));
        Assert.True(view.IsHeaderChecksumValid);
    }

    [Fact]
    public void RemarkingKeepsEcnAndTheChecksum()
    {
        byte[] packet = [.. Bytes];
        packet[1] |= 0x03;
        Assert.True(Ipv4Builder.TryParse(packet, out Ipv4Builder builder));
        builder.CompleteChecksum();
        builder.Remark(dscp: 10);
        Assert.True(Ipv4View.TryParse(packet, out Ipv4View view));
        Assert.Equal(10 << 2 | 0x03, view.TrafficClass);
        Assert.True(view.IsHeaderChecksumValid);
        Assert.Equal(Bytes[12..], packet[12..]);
    }

    [Fact]
    public void RemarkingDoesNotHideAWrongChecksum()
    {
        byte[] packet = [.. Bytes];
        packet[11] ^= 1;
        Assert.True(Ipv4Builder.TryParse(packet, out Ipv4Builder builder));
        builder.Remark(dscp: 10);
        Assert.True(Ipv4View.TryParse(packet, out Ipv4View view));
        Assert.False(view.IsHeaderChecksumValid);
    }

    [Theory]
    [InlineData(0, 0x56)] // version 5
    [InlineData(0, 0x44)] // header of 16 bytes
    [InlineData(0, 0x48)] // header beyond the total length
    [InlineData(3, 0x17)] // total length below the header
    [InlineData(3, 0x1D)] // total length beyond the bytes
    public void LiesAreRefused(int index, byte value)
    {
        byte[] changed = [.. Bytes];
        changed[index] = value;
        Assert.False(Ipv4View.TryParse(changed, out _));
        Assert.False(Ipv4Builder.TryParse(changed, out _));
    }

    [Fact]
    public void ShortPacketsAreRefused()
    {
        for (int length = 0; length < Bytes.Length; length++)
            Assert.False(Ipv4View.TryParse(Bytes.AsSpan(0, length), out _));
    }
}

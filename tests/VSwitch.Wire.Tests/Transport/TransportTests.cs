namespace VSwitch.Wire.Tests.Transport;

public class TransportTests
{
    private const string Segment = """
        9c 40 01 bb                 # ports 40000, 443
        01 02 03 04 05 06 07 08     # sequence, acknowledgment
        60 1b 20 00 ab cd 00 05     # 24-byte header, FIN+SYN+PSH+ACK, window, checksum, urgent
        02 04 05 b4                 # maximum segment size
        68 69                       # payload
        """;

    private static readonly uint PseudoHeader = Checksum.PseudoHeader(0xC000_0201, 0xC633_6402, IpProtocol.Tcp, l4Bytes: 26);

    [Fact]
    public void ReadsTcp()
    {
        Assert.True(TcpView.TryParse(Hex.Bytes(Segment), out TcpView view));
        Assert.Equal((40000, 443), (view.SourcePort, view.DestinationPort));
        Assert.Equal((0x01020304u, 0x05060708u), (view.SequenceNumber, view.AcknowledgmentNumber));
        Assert.Equal(TcpFlags.Fin | TcpFlags.Syn | TcpFlags.Psh | TcpFlags.Ack, view.Flags);
        Assert.Equal((0x2000, 0xABCD, 5), (view.Window, view.ChecksumField, view.UrgentPointer));
        Assert.Equal((24, "020405B4"), (view.HeaderBytes, Convert.ToHexString(view.Options)));
        Assert.Equal("6869", Convert.ToHexString(view.Payload));
        Assert.False(view.IsChecksumValid(PseudoHeader));
    }

    [Fact]
    public void ChangesTcpInPlace()
    {
        byte[] bytes = Hex.Bytes(Segment);
        Assert.True(TcpBuilder.TryParse(bytes, out TcpBuilder builder));
        builder.SequenceNumber += 1448;
        builder.Flags &= ~(TcpFlags.Fin | TcpFlags.Psh);
        builder.CompleteChecksum(PseudoHeader);

        Assert.True(TcpView.TryParse(bytes, out TcpView view));
        Assert.Equal((0x01020304u + 1448, TcpFlags.Syn | TcpFlags.Ack), (view.SequenceNumber, view.Flags));
        Assert.Equal((40000, 443, "6869"), (view.SourcePort, view.DestinationPort, Convert.ToHexString(view.Payload)));
        Assert.True(view.IsChecksumValid(PseudoHeader));
    }

    [Fact]
    public void BuildsTcp()
    {
        byte[] bytes = Hex.Bytes("ee ee ee ee ee ee ee ee ee ee ee ee ee ee ee ee ee ee ee ee 68 69");
        TcpBuilder builder = TcpBuilder.Create(bytes);
        builder.SourcePort = 40000;
        builder.DestinationPort = 443;
        builder.SequenceNumber = 1;
        builder.AcknowledgmentNumber = 2;
        builder.Flags = TcpFlags.Rst;
        builder.Window = 0x2000;
        Assert.Equal(Hex.Bytes("9c 40 01 bb 00 00 00 01 00 00 00 02 50 04 20 00 00 00 00 00 68 69"), bytes);
    }

    [Theory]
    [InlineData(0x40)] // 16 bytes
    [InlineData(0x70)] // 28 bytes of 26
    [InlineData(0xF0)]
    public void LyingTcpIsRefused(byte dataOffset)
    {
        byte[] bytes = Hex.Bytes(Segment);
        bytes[12] = dataOffset;
        Assert.False(TcpView.TryParse(bytes, out _));
        Assert.False(TcpBuilder.TryParse(bytes, out _));
        Assert.False(TcpView.TryParse(Hex.Bytes(Segment).AsSpan(0, 19), out _));
    }

    [Fact]
    public void ReadsUdpUpToItsLength()
    {
        byte[] bytes = Hex.Bytes("13 88 00 35 00 0a 12 34 de ad 00 00");
        Assert.True(UdpView.TryParse(bytes, out UdpView view));
        Assert.Equal((5000, 53, 10, 0x1234), (view.SourcePort, view.DestinationPort, view.TotalBytes, view.ChecksumField));
        Assert.Equal("DEAD", Convert.ToHexString(view.Payload));
    }

    [Theory]
    [InlineData("13 88 00 35 00 07 00 00")]
    [InlineData("13 88 00 35 00 09 00 00")]
    [InlineData("13 88 00 35 00 08 00")]
    public void LyingUdpIsRefused(string hex)
    {
        Assert.False(UdpView.TryParse(Hex.Bytes(hex), out _));
        Assert.False(UdpBuilder.TryParse(Hex.Bytes(hex), out _));
    }

    [Fact]
    public void BuildsUdpWithoutAChecksum()
    {
        byte[] bytes = [.. new byte[8], 0xDE, 0xAD];
        UdpBuilder builder = UdpBuilder.Create(bytes);
        builder.SourcePort = 5000;
        builder.DestinationPort = 53;
        Assert.Equal(Hex.Bytes("13 88 00 35 00 0a 00 00 de ad"), bytes);
        Assert.True(UdpView.TryParse(bytes, out UdpView view));
        Assert.True(view.IsChecksumValid(pseudoHeader: 0x9999));
    }

    /// <summary>A sum of all ones makes a checksum of zero, which would mean "none".</summary>
    [Fact]
    public void AUdpChecksumOfZeroIsSentAsAllOnes()
    {
        byte[] bytes = Hex.Bytes("13 88 00 35 00 08 00 00");
        uint pseudoHeader = 0xFFFFu - (0x1388 + 0x0035 + 0x0008);
        Assert.True(UdpBuilder.TryParse(bytes, out UdpBuilder builder));
        builder.CompleteChecksum(pseudoHeader);
        Assert.Equal("FFFF", Convert.ToHexString(bytes[6..]));
        Assert.True(UdpView.TryParse(bytes, out UdpView view));
        Assert.True(view.IsChecksumValid(pseudoHeader));
    }
}

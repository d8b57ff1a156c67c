using System.Runtime.CompilerServices;

namespace VSwitch.Wire.Tests.Headers;

public class FrameParserTests
{
    private const string Addresses = "52 54 00 12 34 56 00 50 56 b3 06 d1 ";

    private const string TcpSegment = """
        9c 40 01 bb                 # ports 40000, 443
        00 00 00 01 00 00 00 00     # sequence, acknowledgment
        50 12 20 00 00 00 00 00     # 20 bytes, SYN+ACK, window, checksum, urgent
        """;

    /// <summary>192.0.2.1 to 198.51.100.2, TCP, 40 bytes in all, DSCP 46.</summary>
    private const string Ipv4TcpHeader = """
        45 b8 00 28 12 34 40 00
        40 06 00 00
        c0 00 02 01 c6 33 64 02
        """;

    private const string Ipv6Addresses = """
        20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01
        20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 02
        """;

    [Fact]
    public void ParsesTcpOverIpv4()
    {
        FrameHeaders headers = Parse($"{Addresses} 08 00\n{Ipv4TcpHeader}\n{TcpSegment}");
        Assert.Equal(0x5254_0012_3456UL, headers.DestinationMac);
        Assert.Equal(0x0050_56B3_06D1UL, headers.SourceMac);
        Assert.Equal(EtherType.Ipv4, headers.EtherType);
        Assert.Equal(ParseFlags.None, headers.Flags);
        Assert.Equal((4, 14, 34), (headers.IpVersion, headers.L3Offset, headers.L4Offset));
        Assert.Equal((0xC000_0201u, 0xC633_6402u), (headers.Ipv4Source, headers.Ipv4Destination));
        Assert.Equal((IpProtocol.Tcp, 46), (headers.Protocol, headers.Dscp));
        Assert.Equal((40000, 443), (headers.SourcePort, headers.DestinationPort));
        Assert.Equal(TcpFlags.Syn | TcpFlags.Ack, headers.TcpFlags);
    }

    [Fact]
    public void ATagMovesEverythingByFourBytes()
    {
        FrameHeaders untagged = Parse($"{Addresses} 08 00\n{Ipv4TcpHeader}\n{TcpSegment}");
        FrameHeaders tagged = Parse($"{Addresses} 81 00 b0 64 08 00\n{Ipv4TcpHeader}\n{TcpSegment}");
        Assert.Equal(ParseFlags.Tagged, tagged.Flags);
        Assert.Equal((0xB064, 100, 5), (tagged.Tci, tagged.VlanId, tagged.Pcp));

        untagged.Flags = ParseFlags.Tagged;
        untagged.Tci = 0xB064;
        untagged.L3Offset += 4;
        untagged.L4Offset += 4;
        Assert.Equal(untagged, tagged);
    }

    /// <summary>Only a C-tag that comes first says the VLAN; IP is found behind all of them.</summary>
    [Theory]
    [InlineData("88 a8 00 0a", ParseFlags.InnerTagged, 0)]
    [InlineData("88 a8 00 0a 81 00 00 64", ParseFlags.InnerTagged, 0)]
    [InlineData("81 00 00 0a 81 00 00 64", ParseFlags.Tagged | ParseFlags.InnerTagged, 10)]
    [InlineData("81 00 00 00 88 a8 00 00", ParseFlags.Tagged | ParseFlags.InnerTagged, 0)]
    [InlineData("81 00 00 0a 81 00 00 00 81 00 00 00 88 a8 00 00", ParseFlags.Tagged | ParseFlags.InnerTagged, 10)]
    public void FindsIpBehindSeveralTags(string tags, ParseFlags flags, int vlan)
    {
        FrameHeaders headers = Parse($"{Addresses} {tags} 08 00\n{Ipv4TcpHeader}\n{TcpSegment}");
        FrameHeaders expected = Parse($"{Addresses} 08 00\n{Ipv4TcpHeader}\n{TcpSegment}");
        expected.Flags = flags;
        expected.Tci = (ushort)vlan;
        expected.L3Offset += (ushort)Hex.Bytes(tags).Length;
        expected.L4Offset += (ushort)Hex.Bytes(tags).Length;
        Assert.Equal(expected, headers);
    }

    [Fact]
    public void OtherTagTypesArePayload()
    {
        FrameHeaders headers = Parse($"{Addresses} 91 00 00 0a 08 00\n{Ipv4TcpHeader}\n{TcpSegment}");
        Assert.Equal((EtherType.LegacyQinQ, 0, 14, 0), (headers.EtherType, headers.IpVersion, headers.L3Offset, headers.L4Offset));
        Assert.NotEqual(0u, headers.FlowHash);
    }

    [Fact]
    public void ParsesUdpAfterIpv6ExtensionHeaders()
    {
        FrameHeaders headers = Parse($"""
            {Addresses} 86 dd
            6b 8a bc de 00 20 00 40     # traffic class 0xb8, flow label, 32 bytes, hop-by-hop first
            {Ipv6Addresses}
            3c 00 00 00 00 00 00 00     # hop-by-hop, then destination options
            11 01 00 00 00 00 00 00     # destination options of 16 bytes, then UDP
            00 00 00 00 00 00 00 00
            13 88 00 35 00 08 00 00     # ports 5000, 53, 8 bytes
            """);
        Assert.Equal(ParseFlags.None, headers.Flags);
        Assert.Equal((6, 14, 78), (headers.IpVersion, headers.L3Offset, headers.L4Offset));
        Assert.Equal((IpProtocol.Udp, 0xB8), (headers.Protocol, headers.TrafficClass));
        Assert.Equal((5000, 53), (headers.SourcePort, headers.DestinationPort));
        Assert.Equal((0u, 0u), (headers.Ipv4Source, headers.Ipv4Destination));
    }

    [Fact]
    public void ParsesIcmp()
    {
        FrameHeaders headers = Parse($"""
            {Addresses} 08 00
            45 00 00 1c 00 00 00 00 40 01 00 00 0a 00 00 01 0a 00 00 02
            03 04 00 00 00 00 00 00     # unreachable, fragmentation needed
            """);
        Assert.Equal((3, 4, 34), (headers.IcmpType, headers.IcmpCode, headers.L4Offset));
        Assert.Equal((0, 0), (headers.SourcePort, headers.DestinationPort));
    }

    [Fact]
    public void FirstFragmentHasPortsAndLaterFragmentsHaveNone()
    {
        string more = Ipv4TcpHeader.Replace("40 00\n", "20 00\n");
        string later = Ipv4TcpHeader.Replace("40 00\n", "00 05\n");
        string middle = Ipv4TcpHeader.Replace("40 00\n", "20 05\n");

        FrameHeaders first = Parse($"{Addresses} 08 00\n{more}\n{TcpSegment}");
        Assert.Equal(ParseFlags.FirstFragment, first.Flags);
        Assert.Equal((40000, 443, 34), (first.SourcePort, first.DestinationPort, first.L4Offset));

        foreach (string fragment in new[] { later, middle })
        {
            FrameHeaders headers = Parse($"{Addresses} 08 00\n{fragment}\n{TcpSegment}");
            Assert.Equal(ParseFlags.LaterFragment, headers.Flags);
            Assert.Equal((0, 0, 0), (headers.SourcePort, headers.DestinationPort, headers.L4Offset));
            Assert.Equal(IpProtocol.Tcp, headers.Protocol);
            Assert.Equal(first.FlowHash, headers.FlowHash);
        }
    }

    [Theory]
    [InlineData("00 01", ParseFlags.FirstFragment, 62)]
    [InlineData("00 09", ParseFlags.LaterFragment, 0)]
    [InlineData("00 08", ParseFlags.LaterFragment, 0)]
    [InlineData("00 00", ParseFlags.None, 62)]
    public void KnowsIpv6Fragments(string offsetAndMore, ParseFlags flags, int l4Offset)
    {
        FrameHeaders headers = Parse($"""
            {Addresses} 86 dd
            60 00 00 00 00 10 2c 40                 # 16 bytes, fragment header first
            {Ipv6Addresses}
            11 00 {offsetAndMore} 00 00 00 07       # then UDP; offset and M; identification
            13 88 00 35 00 08 00 00                 # ports 5000, 53, 8 bytes
            """);
        Assert.Equal(flags, headers.Flags);
        Assert.Equal((l4Offset, IpProtocol.Udp), (headers.L4Offset, headers.Protocol));
        Assert.Equal(l4Offset == 0 ? 0 : 53, headers.DestinationPort);
    }

    [Fact]
    public void LlcLengthIsReported()
    {
        FrameHeaders headers = Parse("01 80 c2 00 00 00 00 50 56 b3 06 d1 00 26 42 42 03");
        Assert.Equal((0x26, 14, 0), (headers.EtherType, headers.L3Offset, headers.IpVersion));
        Assert.Equal(ParseFlags.None, headers.Flags);
    }

    /// <summary>Every way in which a header can lie, and what remains to be read from the frame.</summary>
    [Theory]
    [InlineData("08 00 35 00 00 14 00 00 00 00 40 06 00 00 01 01 01 01 02 02 02 02", ParseFlags.Ipv4Malformed)] // version 3
    [InlineData("08 00 44 00 00 14 00 00 00 00 40 06 00 00 01 01 01 01 02 02 02 02", ParseFlags.Ipv4Malformed)] // 16-byte header
    [InlineData("08 00 46 00 00 18 00 00 00 00 40 06 00 00 01 01 01 01 02 02 02 02", ParseFlags.Ipv4Malformed)] // options cut off
    [InlineData("08 00 45 00 00 13 00 00 00 00 40 06 00 00 01 01 01 01 02 02 02 02", ParseFlags.Ipv4Malformed)] // total too small
    [InlineData("08 00 45 00 00 15 00 00 00 00 40 06 00 00 01 01 01 01 02 02 02 02", ParseFlags.Ipv4Malformed)] // total too large
    [InlineData("08 00 45 00 00 14 00 00 00 00 40 06 00 00 01 01 01 01 02 02 02", ParseFlags.Ipv4Malformed)] // cut short
    [InlineData("08 00", ParseFlags.Ipv4Malformed)]
    [InlineData("86 dd 60 00 00 00 00 00 06", ParseFlags.Ipv6Malformed)]
    [InlineData("81 00", ParseFlags.TagMalformed)]
    [InlineData("81 00 00 0a 08", ParseFlags.TagMalformed)]
    [InlineData("88 a8 00 0a 08", ParseFlags.TagMalformed)]
    [InlineData("81 00 00 0a 81 00 00", ParseFlags.Tagged | ParseFlags.TagMalformed)]
    public void LiesLeaveLayer3AtZero(string rest, ParseFlags flag)
    {
        FrameHeaders headers = Parse(Addresses + rest);
        Assert.Equal(flag, headers.Flags);
        Assert.Equal((0, 0, 0), (headers.IpVersion, headers.Protocol, headers.L4Offset));
        Assert.Equal((0u, 0u), (headers.Ipv4Source, headers.Ipv4Destination));
        Assert.Equal(0x0050_56B3_06D1UL, headers.SourceMac);
        Assert.NotEqual(0u, headers.FlowHash);
    }

    [Theory]
    [InlineData("06", "9c 40 01 bb 00 00 00 01 00 00 00 00 50 12 20 00 00 00 00")] // TCP of 19 bytes
    [InlineData("06", "9c 40 01 bb 00 00 00 01 00 00 00 00 40 12 20 00 00 00 00 00")] // data offset 16
    [InlineData("06", "9c 40 01 bb 00 00 00 01 00 00 00 00 60 12 20 00 00 00 00 00")] // data offset 24 of 20
    [InlineData("11", "9c 40 01 bb 00 08 00")] // UDP of 7 bytes
    [InlineData("11", "9c 40 01 bb 00 07 00 00")] // UDP length 7
    [InlineData("11", "9c 40 01 bb 00 09 00 00")] // UDP length 9 of 8
    [InlineData("01", "08 00 00 00 00 00 00")] // ICMP of 7 bytes
    [InlineData("84", "9c 40 01 bb 00 00 00 00 00 00 00")] // SCTP of 11 bytes
    public void LiesLeaveLayer4AtZero(string protocol, string l4)
    {
        int totalBytes = 20 + Hex.Bytes(l4).Length;
        FrameHeaders headers = Parse($"""
            {Addresses} 08 00
            45 00 00 {totalBytes:x2} 00 00 00 00 40 {protocol} 00 00 01 01 01 01 02 02 02 02
            {l4}
            """);
        Assert.Equal(ParseFlags.L4Malformed, headers.Flags);
        Assert.Equal((4, 0), (headers.IpVersion, headers.L4Offset));
        Assert.Equal((0, 0, TcpFlags.None, 0), (headers.SourcePort, headers.DestinationPort, headers.TcpFlags, headers.IcmpType));
        Assert.Equal(0x0101_0101u, headers.Ipv4Source);
    }

    /// <summary>Padding after a short packet is no header: the bytes beyond the total length do not count.</summary>
    [Fact]
    public void HeadersBeyondTheTotalLengthDoNotExist()
    {
        string header = Ipv4TcpHeader.Replace("45 b8 00 28", "45 b8 00 14");
        Assert.Equal(ParseFlags.L4Malformed, Parse($"{Addresses} 08 00\n{header}\n{TcpSegment}").Flags);
    }

    [Fact]
    public void AHeadIsEnoughOfALongFrame()
    {
        byte[] head = Hex.Bytes($"{Addresses} 08 00\n{Ipv4TcpHeader.Replace("00 28", "ff ff")}\n{TcpSegment}");
        Assert.True(FrameParser.TryParse(head, frameBytes: 14 + 65_535, out FrameHeaders headers));
        Assert.Equal(ParseFlags.None, headers.Flags);
        Assert.Equal(443, headers.DestinationPort);

        Assert.True(FrameParser.TryParse(head, frameBytes: 14 + 65_534, out headers));
        Assert.Equal(ParseFlags.Ipv4Malformed, headers.Flags);
    }

    [Fact]
    public void RuntsAreRefused()
    {
        for (int length = 0; length < 14; length++)
        {
            Assert.False(FrameParser.TryParse(new byte[length], out FrameHeaders headers));
            Assert.Equal(default, headers);
        }

        Assert.True(FrameParser.TryParse(new byte[14], out _));
    }

    [Fact]
    public void HeadersAreBlittableAndSmall()
    {
        Assert.False(RuntimeHelpers.IsReferenceOrContainsReferences<FrameHeaders>());
        Assert.Equal(48, Unsafe.SizeOf<FrameHeaders>());
    }

    [Fact]
    public void ParsingAllocatesNothing()
    {
        byte[] tcp = Hex.Bytes($"{Addresses} 08 00\n{Ipv4TcpHeader}\n{TcpSegment}");
        byte[] ipv6 = Hex.Bytes($"{Addresses} 86 dd 60 00 00 00 00 08 11 40 {Ipv6Addresses} 13 88 00 35 00 08 00 00");
        Assert.True(ParseBoth());

        bool parsed = true;
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 1000; i++)
                parsed &= ParseBoth();
        }));
        Assert.True(parsed);

        bool ParseBoth() => FrameParser.TryParse(tcp, out _) && FrameParser.TryParse(ipv6, out _);
    }

    private static FrameHeaders Parse(string hex)
    {
        Assert.True(FrameParser.TryParse(Hex.Bytes(hex), out FrameHeaders headers));
        return headers;
    }
}

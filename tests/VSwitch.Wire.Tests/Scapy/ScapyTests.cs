using System.Text.Json;

namespace VSwitch.Wire.Tests.Scapy;

/// <summary>Reads what scapy wrote, with the frame parser and with the views; scapy's checksums must come out of ours.</summary>
public class ScapyTests
{
    private const int Seed = 20240607;
    private const int FrameCount = 900;

    [Fact]
    public void FramesOfEveryProtocolAreReadAsTheyWereWritten()
    {
        IReadOnlyList<(byte[] Frame, JsonElement Expected)> frames = ScapyFrames.Make(Seed, FrameCount);
        Assert.Equal(FrameCount, frames.Count);
        foreach ((byte[] frame, JsonElement json) in frames)
        {
            var expected = new Expectation(json);
            try
            {
                CompareHeaders(expected, frame);
                CompareViews(expected, frame);
                expected.AssertAllCompared();
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"{json}\n{Convert.ToHexStringLower(frame)}", exception);
            }
        }
    }

    private static void CompareHeaders(Expectation expected, byte[] frame)
    {
        Assert.True(FrameParser.TryParse(frame, out FrameHeaders headers));
        Assert.Equal(ParseFlags.None, headers.Flags & ParseFlags.AnyMalformed);
        Assert.Equal(expected.Has("cTag"), headers.Has(ParseFlags.Tagged));
        expected.Compare("destination", new MacAddress(headers.DestinationMac));
        expected.Compare("source", new MacAddress(headers.SourceMac));
        expected.Compare("length", headers.EtherType);
        expected.Compare("cTag", headers.Tci);
        Assert.Equal(expected.Has("sTag"), headers.Has(ParseFlags.InnerTagged));
        expected.Compare("etherType", headers.EtherType);
        expected.Compare("ipVersion", headers.IpVersion);
        expected.Compare("protocol", headers.Protocol);
        expected.Compare("trafficClass", headers.TrafficClass);
        expected.Compare("ipv4Source", new Ipv4Address(headers.Ipv4Source));
        expected.Compare("ipv4Destination", new Ipv4Address(headers.Ipv4Destination));
        expected.Compare("fragmentOffset", headers.Has(ParseFlags.LaterFragment));
        Assert.Equal(expected.Has("fragmentOffset"), headers.Has(ParseFlags.AnyFragment));
        expected.Compare("l4Offset", headers.L4Offset);
        expected.Compare("sourcePort", headers.SourcePort);
        expected.Compare("destinationPort", headers.DestinationPort);
        expected.Compare("tcpFlags", (byte)headers.TcpFlags);
        expected.Compare("icmpType", headers.IcmpType);
        expected.Compare("icmpCode", headers.IcmpCode);
    }

    private static void CompareViews(Expectation expected, byte[] frame)
    {
        Assert.True(EthernetView.TryParse(frame, out EthernetView ethernet));
        expected.Compare("destination", ethernet.Destination);
        expected.Compare("source", ethernet.Source);

        ushort etherType = ethernet.EtherType;
        ReadOnlySpan<byte> payload = ethernet.Payload;
        if (expected.Has("cTag") || expected.Has("sTag"))
        {
            Assert.Equal(expected.Has("cTag") ? EtherType.CTag : EtherType.STag, etherType);
            Assert.True(VlanTagView.TryParse(payload, out VlanTagView tag));
            expected.Compare("cTag", tag.Tci.Value);
            expected.Compare("sTag", tag.Tci.Value);
            etherType = tag.EtherType;
            payload = tag.Payload;
        }

        expected.Compare("etherType", etherType);
        switch (etherType)
        {
            case EtherType.Ipv4:
                CompareIpv4(expected, payload, l3Offset: frame.Length - payload.Length);
                break;
            case EtherType.Ipv6:
                CompareIpv6(expected, payload, l3Offset: frame.Length - payload.Length);
                break;
            case EtherType.Arp or EtherType.Rarp:
                CompareArp(expected, payload);
                break;
            default:
                Assert.True(ethernet.IsLlc);
                CompareLlc(expected, payload);
                break;
        }
    }

    private static void CompareArp(Expectation expected, ReadOnlySpan<byte> packet)
    {
        Assert.True(ArpView.TryParse(packet, out ArpView arp));
        expected.Compare("operation", (long)arp.Operation);
        expected.Compare("senderMac", arp.SenderMac);
        expected.Compare("senderIp", arp.SenderIp);
        expected.Compare("targetMac", arp.TargetMac);
        expected.Compare("targetIp", arp.TargetIp);
    }

    private static void CompareLlc(Expectation expected, ReadOnlySpan<byte> payload)
    {
        Assert.True(LlcView.TryParse(payload, out LlcView llc));
        expected.Compare("length", payload.Length);
        expected.Compare("spanningTree", llc.IsSpanningTree);
        Assert.Equal(expected.Has("organization"), SnapView.TryParse(payload, out SnapView snap));
        if (!expected.Has("organization"))
            return;
        expected.Compare("organization", snap.Organization);
        expected.Compare("snapProtocol", snap.Protocol);
    }

    private static void CompareIpv4(Expectation expected, ReadOnlySpan<byte> packet, int l3Offset)
    {
        Assert.True(Ipv4View.TryParse(packet, out Ipv4View ip));
        Assert.True(ip.IsHeaderChecksumValid);
        expected.Compare("ipVersion", 4);
        expected.Compare("protocol", ip.Protocol);
        expected.Compare("trafficClass", ip.TrafficClass);
        expected.Compare("identification", ip.Identification);
        expected.Compare("timeToLive", ip.TimeToLive);
        expected.Compare("dontFragment", ip.DontFragment);
        expected.Compare("fragmentOffset", ip.FragmentOffset);
        expected.Compare("moreFragments", ip.MoreFragments);
        expected.Compare("ipv4Source", ip.Source);
        expected.Compare("ipv4Destination", ip.Destination);

        byte[] rewritten = packet.ToArray();
        Assert.True(Ipv4Builder.TryParse(rewritten, out Ipv4Builder builder));
        builder.CompleteChecksum();
        Assert.True(Ipv4View.TryParse(rewritten, out Ipv4View completed));
        expected.Compare("ipv4Checksum", completed.HeaderChecksum);

        expected.Compare("l4Offset", l3Offset + ip.HeaderBytes);
        if (ip.FragmentOffset == 0)
            CompareL4(expected, ip.Protocol, ip.Payload, ip.PseudoHeader);
    }

    private static void CompareIpv6(Expectation expected, ReadOnlySpan<byte> packet, int l3Offset)
    {
        Assert.True(Ipv6View.TryParse(packet, out Ipv6View ip));
        expected.Compare("ipVersion", 6);
        expected.Compare("protocol", ip.UpperLayer.Protocol);
        expected.Compare("trafficClass", ip.TrafficClass);
        expected.Compare("flowLabel", ip.FlowLabel);
        expected.Compare("hopLimit", ip.HopLimit);
        expected.Compare("fragmentOffset", ip.UpperLayer.FragmentOffset);
        expected.Compare("moreFragments", ip.UpperLayer.MoreFragments);
        expected.CompareIpv6("ipv6Source", ip.Source);
        expected.CompareIpv6("ipv6Destination", ip.Destination);

        expected.Compare("l4Offset", l3Offset + Ipv6View.HeaderBytes + ip.UpperLayer.Offset);
        if (ip.UpperLayer.FragmentOffset == 0)
            CompareL4(expected, ip.UpperLayer.Protocol, ip.UpperPayload, ip.PseudoHeader);
    }

    private static void CompareL4(Expectation expected, byte protocol, ReadOnlySpan<byte> payload, uint pseudoHeader)
    {
        switch (protocol)
        {
            case IpProtocol.Tcp:
                CompareTcp(expected, payload, pseudoHeader);
                break;
            case IpProtocol.Udp when !expected.Has("fragmentOffset"):
                CompareUdp(expected, payload, pseudoHeader);
                break;
            case IpProtocol.Icmp:
                Assert.True(IcmpView.TryParse(payload, out IcmpView icmp));
                Assert.True(icmp.IsChecksumValid);
                expected.Compare("icmpType", icmp.Type);
                expected.Compare("icmpCode", icmp.Code);
                expected.Compare("identifier", icmp.Identifier);
                expected.Compare("echoSequence", icmp.SequenceNumber);
                expected.Compare("icmpChecksum", icmp.ChecksumField);
                break;
            case IpProtocol.Icmpv6:
                Assert.True(Icmpv6View.TryParse(payload, out Icmpv6View icmpv6));
                Assert.True(icmpv6.IsChecksumValid(pseudoHeader));
                expected.Compare("icmpType", icmpv6.Type);
                expected.Compare("icmpCode", icmpv6.Code);
                expected.Compare("icmpChecksum", icmpv6.ChecksumField);
                break;
            case IpProtocol.Igmp:
                Assert.True(IgmpView.TryParse(payload, out IgmpView igmp));
                Assert.True(igmp.IsChecksumValid);
                expected.Compare("igmpType", igmp.Type);
                expected.Compare("maxResponse", igmp.MaxResponseCode);
                expected.Compare("group", igmp.Group);
                expected.Compare("igmpChecksum", igmp.ChecksumField);
                break;
        }
    }

    private static void CompareTcp(Expectation expected, ReadOnlySpan<byte> segment, uint pseudoHeader)
    {
        byte[] rewritten = segment.ToArray();
        Assert.True(TcpBuilder.TryParse(rewritten, out TcpBuilder builder));
        builder.CompleteChecksum(pseudoHeader);
        Assert.Equal(segment, rewritten);

        Assert.True(TcpView.TryParse(segment, out TcpView tcp));
        Assert.True(tcp.IsChecksumValid(pseudoHeader));
        expected.Compare("tcpChecksum", tcp.ChecksumField);
        expected.Compare("sourcePort", tcp.SourcePort);
        expected.Compare("destinationPort", tcp.DestinationPort);
        expected.Compare("tcpFlags", (byte)tcp.Flags);
        expected.Compare("sequence", tcp.SequenceNumber);
        expected.Compare("acknowledgment", tcp.AcknowledgmentNumber);
        expected.Compare("window", tcp.Window);
    }

    private static void CompareUdp(Expectation expected, ReadOnlySpan<byte> datagram, uint pseudoHeader)
    {
        byte[] rewritten = datagram.ToArray();
        Assert.True(UdpBuilder.TryParse(rewritten, out UdpBuilder builder));
        builder.CompleteChecksum(pseudoHeader);
        Assert.Equal(datagram, rewritten);

        Assert.True(UdpView.TryParse(datagram, out UdpView udp));
        Assert.True(udp.IsChecksumValid(pseudoHeader));
        expected.Compare("udpChecksum", udp.ChecksumField);
        expected.Compare("sourcePort", udp.SourcePort);
        expected.Compare("destinationPort", udp.DestinationPort);
    }
}

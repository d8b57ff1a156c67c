using VSwitch.Wire;

namespace VSwitch.Fuzz.Targets;

/// <summary>The data path's parser against <see cref="ViewParser"/>, and against itself with less of the frame at hand.</summary>
public sealed class FrameParserTarget : IFuzzTarget
{
    public string Name => "frame-parser";

    public IReadOnlyList<byte[]> Seeds => SeedFrames.Frames;

    public void Run(ReadOnlySpan<byte> input)
    {
        bool parsed = FrameParser.TryParse(input, out FrameHeaders headers);
        Check.Same(ViewParser.TryParse(input, out FrameHeaders expected), parsed, "parsed");
        Compare(expected, headers);

        int headBytes = input.Length / 2;
        if (!FrameParser.TryParse(input[..headBytes], input.Length, out FrameHeaders partial))
            return;
        Check.That(
            partial.L4Offset is 0 || partial.L4Offset == headers.L4Offset,
            "a head is parsed like its frame or not at all");
        Check.That(
            partial.DestinationPort is 0 || partial.DestinationPort == headers.DestinationPort,
            "ports of a head are those of its frame");
        Check.That(partial.L4Offset <= headBytes, "offsets stay within the head");
    }

    private static void Compare(in FrameHeaders expected, in FrameHeaders actual)
    {
        Check.Same(expected.DestinationMac, actual.DestinationMac, "destination");
        Check.Same(expected.SourceMac, actual.SourceMac, "source");
        Check.Same((int)expected.Flags, (int)actual.Flags, "flags");
        Check.Same(expected.EtherType, actual.EtherType, "type");
        Check.Same(expected.Tci, actual.Tci, "TCI");
        Check.Same(expected.L3Offset, actual.L3Offset, "L3 offset");
        Check.Same(expected.L4Offset, actual.L4Offset, "L4 offset");
        Check.Same(expected.IpVersion, actual.IpVersion, "IP version");
        Check.Same(expected.Protocol, actual.Protocol, "protocol");
        Check.Same(expected.TrafficClass, actual.TrafficClass, "traffic class");
        Check.Same(expected.Ipv4Source, actual.Ipv4Source, "IPv4 source");
        Check.Same(expected.Ipv4Destination, actual.Ipv4Destination, "IPv4 destination");
        Check.Same(expected.SourcePort, actual.SourcePort, "source port");
        Check.Same(expected.DestinationPort, actual.DestinationPort, "destination port");
        Check.Same((int)expected.TcpFlags, (int)actual.TcpFlags, "TCP flags");
        Check.Same(expected.IcmpType, actual.IcmpType, "ICMP type");
        Check.Same(expected.IcmpCode, actual.IcmpCode, "ICMP code");
    }
}

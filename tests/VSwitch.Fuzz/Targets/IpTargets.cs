using VSwitch.Wire;

namespace VSwitch.Fuzz.Targets;

public sealed class Ipv4Target : IFuzzTarget
{
    public string Name => "ipv4";

    public IReadOnlyList<byte[]> Seeds => SeedFrames.Ipv4Packets;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!Ipv4View.TryParse(input, out Ipv4View view))
            return;

        Check.That(view.TotalBytes <= input.Length, "the packet is within the input");
        Check.That(view.HeaderBytes + view.Payload.Length == view.TotalBytes, "the lengths add up");
        Check.That(Ipv4View.HeaderBytesMin + view.Options.Length == view.HeaderBytes, "options fill the header");

        byte[] packet = input.ToArray();
        Check.That(Ipv4Builder.TryParse(packet, out Ipv4Builder builder), "what the view takes the builder takes");
        builder.CompleteChecksum();
        CheckChecksum(packet);
        builder.Remark(input[^1] >> 2);
        CheckChecksum(packet);

        Rebuild(view, packet);
        Check.Same(input[..10], packet.AsSpan(0, 10), "header before the checksum");
        Check.Same(input[12..20], packet.AsSpan(12, 8), "addresses");
    }

    /// <summary>Writes over the packet what the view says, field by field.</summary>
    private static void Rebuild(Ipv4View view, Span<byte> packet)
    {
        byte versionAndLength = packet[0];
        Ipv4Builder builder = Ipv4Builder.Create(packet);
        packet[0] = versionAndLength;
        builder.TrafficClass = view.TrafficClass;
        builder.TotalBytes = (ushort)view.TotalBytes;
        builder.Identification = view.Identification;
        builder.FragmentField = view.FragmentField;
        builder.TimeToLive = view.TimeToLive;
        builder.Protocol = view.Protocol;
        builder.Source = view.Source;
        builder.Destination = view.Destination;
    }

    private static void CheckChecksum(ReadOnlySpan<byte> packet) =>
        Check.That(Ipv4View.TryParse(packet, out Ipv4View view) && view.IsHeaderChecksumValid, "the checksum is right");
}

public sealed class Ipv6Target : IFuzzTarget
{
    public string Name => "ipv6";

    public IReadOnlyList<byte[]> Seeds => SeedFrames.Ipv6Packets;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!Ipv6View.TryParse(input, out Ipv6View view))
            return;

        Ipv6UpperLayer upper = view.UpperLayer;
        Check.That(upper.Offset + view.UpperPayload.Length == view.Payload.Length, "the lengths add up");
        Check.That(view.Payload.Length + Ipv6View.HeaderBytes <= input.Length, "the payload is within the packet");
        Check.That(upper.Offset > 0 || upper.Protocol == view.NextHeader, "without extensions the next header is the protocol");
        Check.That(upper.FragmentOffset == 0 || upper.IsFragment, "a packet with an offset is a fragment");

        var header = new byte[Ipv6View.HeaderBytes];
        Ipv6Builder builder = Ipv6Builder.Create(header);
        builder.FlowLabel = view.FlowLabel;
        builder.TrafficClass = view.TrafficClass;
        builder.PayloadBytes = (ushort)view.Payload.Length;
        builder.NextHeader = view.NextHeader;
        builder.HopLimit = view.HopLimit;
        builder.Source = view.Source;
        builder.Destination = view.Destination;
        Check.Same(input[..header.Length], header, "header");
    }
}

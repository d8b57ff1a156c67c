using VSwitch.Wire;

namespace VSwitch.Fuzz.Targets;

public sealed class EthernetTarget : IFuzzTarget
{
    public string Name => "ethernet";

    public IReadOnlyList<byte[]> Seeds => SeedFrames.Frames;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!EthernetView.TryParse(input, out EthernetView view))
            return;

        Span<byte> written = stackalloc byte[EthernetView.HeaderBytes];
        EthernetView.Write(written, view.Destination, view.Source, view.EtherType);
        Check.Same(input[..written.Length], written, "header");
        Check.That(view.Payload.Length <= input.Length - EthernetView.HeaderBytes, "the payload is within the frame");
    }
}

public sealed class VlanTagTarget : IFuzzTarget
{
    public string Name => "vlan-tag";

    public IReadOnlyList<byte[]> Seeds => SeedFrames.Frames;

    /// <summary>Popping the tag off a frame and pushing the same tag gives the frame back.</summary>
    public void Run(ReadOnlySpan<byte> input)
    {
        if (!EthernetView.TryParse(input, out EthernetView ethernet)
            || !VlanTagView.TryParse(ethernet.Payload, out VlanTagView tag))
            return;

        Check.Same(tag.Tci, VlanTci.Of(tag.Tci.Vid, tag.Tci.Pcp, tag.Tci.Dei), "TCI");
        byte[] frame = input.ToArray();
        VlanTag.Pop(frame);
        Check.That(EthernetView.TryParse(frame.AsSpan(VlanTag.Bytes), out EthernetView popped), "a popped frame is a frame");
        Check.Same(tag.EtherType, popped.EtherType, "type");
        VlanTag.Push(frame, ethernet.EtherType, tag.Tci);
        Check.Same(input, frame, "frame");
    }
}

public sealed class LlcTarget : IFuzzTarget
{
    public string Name => "llc";

    public IReadOnlyList<byte[]> Seeds => SeedFrames.LlcPayloads;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (LlcView.TryParse(input, out LlcView llc))
            Check.Same(input, [llc.DestinationAccessPoint, llc.SourceAccessPoint, llc.Control, .. llc.Payload], "LLC");

        if (!SnapView.TryParse(input, out SnapView snap))
            return;
        Span<byte> written = stackalloc byte[SnapView.HeaderBytes];
        SnapView.Write(written, snap.Organization, snap.Protocol);
        Check.Same(input[..written.Length], written, "SNAP");
        Check.Same(input[written.Length..], snap.Payload, "payload");
    }
}

public sealed class ArpTarget : IFuzzTarget
{
    public string Name => "arp";

    public IReadOnlyList<byte[]> Seeds => SeedFrames.ArpPackets;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!ArpView.TryParse(input, out ArpView view))
            return;

        Span<byte> written = stackalloc byte[ArpView.Bytes];
        ArpView.Write(written, view.Operation, view.SenderMac, view.SenderIp, view.TargetMac, view.TargetIp);
        Check.Same(input[..written.Length], written, "packet");
        Check.That(!view.IsGratuitous || view.SenderIp == view.TargetIp, "a gratuitous ARP is for the sender itself");
    }
}

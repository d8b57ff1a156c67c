using VSwitch.Wire;

namespace VSwitch.Fuzz.Targets;

public sealed class IcmpTarget : IFuzzTarget
{
    public string Name => "icmp";

    public IReadOnlyList<byte[]> Seeds => SeedFrames.IcmpMessages;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!IcmpView.TryParse(input, out IcmpView view))
            return;

        uint words = Checksum.SumPlain([view.Type, view.Code]) + view.ChecksumField + view.Identifier + view.SequenceNumber;
        Check.Same(Checksum.IsValid(Checksum.SumPlain(view.Payload, words)), view.IsChecksumValid, "checksum");
    }
}

public sealed class Icmpv6Target : IFuzzTarget
{
    public string Name => "icmpv6";

    public IReadOnlyList<byte[]> Seeds => SeedFrames.Icmpv6Messages;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!Icmpv6View.TryParse(input, out Icmpv6View view))
            return;

        Check.Same(Checksum.IsValid(Checksum.SumPlain(input, 0x1234)), view.IsChecksumValid(0x1234), "checksum");
        Check.Same(input, [view.Type, view.Code, .. input[2..8], .. view.Payload], "message");
        Check.Same(view.Type is 133 or 134 or 135 or 136 or 137, view.IsNeighborDiscovery, "neighbour discovery");
    }
}

public sealed class IgmpTarget : IFuzzTarget
{
    public string Name => "igmp";

    public IReadOnlyList<byte[]> Seeds => SeedFrames.IgmpMessages;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!IgmpView.TryParse(input, out IgmpView view))
            return;

        uint words = Checksum.SumPlain([view.Type, view.MaxResponseCode]) + view.ChecksumField;
        words = Checksum.SumPlain(view.Payload, words + (view.Group.Value >> 16) + (view.Group.Value & 0xFFFF));
        Check.Same(Checksum.IsValid(words), view.IsChecksumValid, "checksum");
    }
}

public sealed class ChecksumTarget : IFuzzTarget
{
    public string Name => "checksum";

    public IReadOnlyList<byte[]> Seeds => SeedFrames.Frames;

    /// <summary>Over any bytes, at any alignment, in one piece and in two.</summary>
    public void Run(ReadOnlySpan<byte> input)
    {
        Check.Same(Checksum.Fold(Checksum.SumPlain(input)), Checksum.Fold(Checksum.Sum(input)), "sum");
        int half = input.Length / 2 & ~1;
        uint pieces = Checksum.Sum(input[half..], Checksum.Sum(input[..half]));
        Check.Same(Checksum.Fold(Checksum.SumPlain(input)), Checksum.Fold(pieces), "sum in pieces");
    }
}

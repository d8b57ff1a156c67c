using VSwitch.Wire;

namespace VSwitch.Fuzz.Targets;

public sealed class TcpTarget : IFuzzTarget
{
    public string Name => "tcp";

    public IReadOnlyList<byte[]> Seeds => SeedFrames.TcpSegments;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!TcpView.TryParse(input, out TcpView view))
            return;

        Check.That(view.HeaderBytes + view.Payload.Length == input.Length, "the lengths add up");
        Check.That(TcpView.HeaderBytesMin + view.Options.Length == view.HeaderBytes, "options fill the header");

        byte[] segment = input.ToArray();
        Check.That(TcpBuilder.TryParse(segment, out TcpBuilder builder), "what the view takes the builder takes");
        builder.SourcePort = view.SourcePort;
        builder.DestinationPort = view.DestinationPort;
        builder.SequenceNumber = view.SequenceNumber;
        builder.AcknowledgmentNumber = view.AcknowledgmentNumber;
        builder.Flags = view.Flags;
        builder.Window = view.Window;
        Check.Same(input, segment, "segment");

        uint pseudoHeader = view.SequenceNumber;
        builder.CompleteChecksum(pseudoHeader);
        Check.That(TcpView.TryParse(segment, out TcpView completed), "what the builder makes the view takes");
        Check.That(completed.IsChecksumValid(pseudoHeader), "the checksum is right");
    }
}

public sealed class UdpTarget : IFuzzTarget
{
    public string Name => "udp";

    public IReadOnlyList<byte[]> Seeds => SeedFrames.UdpDatagrams;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!UdpView.TryParse(input, out UdpView view))
            return;

        Check.That(view.TotalBytes <= input.Length, "the datagram is within the input");
        Check.That(UdpView.HeaderBytes + view.Payload.Length == view.TotalBytes, "the lengths add up");

        byte[] datagram = input[..view.TotalBytes].ToArray();
        UdpBuilder builder = UdpBuilder.Create(datagram);
        builder.SourcePort = view.SourcePort;
        builder.DestinationPort = view.DestinationPort;
        Check.Same(input[..6], datagram.AsSpan(0, 6), "header before the checksum");

        builder.CompleteChecksum(pseudoHeader: view.SourcePort);
        Check.That(UdpView.TryParse(datagram, out UdpView completed), "what the builder makes the view takes");
        Check.That(completed.ChecksumField != 0 && completed.IsChecksumValid(view.SourcePort), "the checksum is there and right");
    }
}

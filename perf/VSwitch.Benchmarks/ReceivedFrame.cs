using VSwitch.Frames;
using VSwitch.Ports;
using VSwitch.Wire;

namespace VSwitch.Benchmarks;

/// <summary>A batch of one frame, received from memory and parsed.</summary>
internal sealed class ReceivedFrame : IDisposable
{
    private readonly MemoryPort _port = new("memory");

    public ReceivedFrame(byte[] bytes, Offload offload)
    {
        _port.Start();
        _port.Inject(bytes, offload);
        _port.ReceiveQueues[0].Receive(Batch);
        ref Frame frame = ref Batch[0];
        if (!FrameParser.TryParse(frame.Head, frame.FrameBytes, out frame.Headers) || !OffloadRules.IsValid(in frame))
            throw new ArgumentException("The metadata does not fit the bytes.", nameof(offload));
    }

    public FrameBatch Batch { get; } = new();

    public void Dispose()
    {
        _port.Close();
        Batch.Dispose();
    }
}

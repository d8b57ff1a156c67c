using VSwitch.Frames;
using VSwitch.Ports;
using VSwitch.Wire;

namespace VSwitch.Benchmarks;

/// <summary>A batch of one frame, or of the same one many times, received from memory and parsed.</summary>
internal sealed class ReceivedFrame : IDisposable
{
    private readonly MemoryPort _port = new("memory");

    public ReceivedFrame(byte[] bytes, Offload offload, int count = 1)
    {
        _port.Start();
        for (int i = 0; i < count; i++)
            _port.Inject(bytes, offload);
        _port.ReceiveQueues[0].Receive(Batch);
        for (int i = 0; i < count; i++)
        {
            ref Frame frame = ref Batch[i];
            if (!FrameParser.TryParse(frame.Head, frame.FrameBytes, out frame.Headers) || !OffloadRules.IsValid(in frame))
                throw new ArgumentException("The metadata does not fit the bytes.", nameof(offload));
        }
    }

    public FrameBatch Batch { get; } = new();

    public void Dispose()
    {
        _port.Close();
        Batch.Dispose();
    }
}

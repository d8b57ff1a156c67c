using BenchmarkDotNet.Attributes;
using VSwitch.Frames;
using VSwitch.Ports;

namespace VSwitch.Benchmarks;

/// <summary>
/// What a virtqueue pair costs for one frame, in full batches: one that the guest sends is lent from its memory and given back, one
/// that it receives is copied into its buffer. The guest's own work is one index per batch.
/// </summary>
[MemoryDiagnoser]
public class RingBenchmarks : IDisposable
{
    private readonly FrameBatch _batch = new();
    private readonly SendList _copies = new();
    private readonly PortCounters _counters = new();
    private VirtqueueGuest _guest = null!;
    private ReceivedFrame _toSend = null!;

    [Params(64, 1500)]
    public int FrameBytes { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        byte[] frame = TcpFrame.Make(FrameBytes - TcpFrame.HeaderBytes);
        _guest = new VirtqueueGuest(frame);
        _toSend = new ReceivedFrame(frame, default, FrameBatch.Capacity);
        for (int i = 0; i < FrameBatch.Capacity; i++)
            _copies.Add(i, SendEntry.Untagged);

        Receive();
        Send();
        if (_batch.Count != FrameBatch.Capacity || _counters.Sent != FrameBatch.Capacity)
            throw new InvalidOperationException("The frames do not pass.");
    }

    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _guest?.Dispose();
        _toSend?.Dispose();
        _batch.Dispose();
    }

    [Benchmark(OperationsPerInvoke = FrameBatch.Capacity)]
    public void Receive()
    {
        _guest.SendBatch();
        _batch.Clear();
        _guest.ReceiveQueue.Receive(_batch);
        _guest.ReceiveQueue.Release(_batch);
    }

    [Benchmark(OperationsPerInvoke = FrameBatch.Capacity)]
    public void Send()
    {
        _guest.OfferBatch();
        _guest.SendQueue.Send(_toSend.Batch, _copies, _counters);
    }
}

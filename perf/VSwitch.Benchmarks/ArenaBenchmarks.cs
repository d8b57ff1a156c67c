using BenchmarkDotNet.Attributes;
using VSwitch.Frames;
using VSwitch.Ports;

namespace VSwitch.Benchmarks;

/// <summary>
/// What it costs a receive queue to lend one frame of its <see cref="ReceiveArena"/> and to take it back: full batches, without
/// the system calls that fill them.
/// </summary>
[MemoryDiagnoser]
public unsafe class ArenaBenchmarks : IDisposable
{
    private readonly ReceiveArena _arena = new();
    private readonly FrameBatch _batch = new();

    /// <summary>Of the largest, the arena holds fewer than a batch.</summary>
    [Params(64, 1500, 65_536)]
    public int FrameBytes { get; set; }

    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _arena.Dispose();
        _batch.Dispose();
    }

    [Benchmark(OperationsPerInvoke = FrameBatch.Capacity)]
    public void LendAndRelease()
    {
        for (int left = FrameBatch.Capacity; left > 0; left -= _batch.Count)
        {
            _batch.Clear();
            Lend(left);
            _arena.Release(_batch.Count);
        }
    }

    private void Lend(int count)
    {
        while (_batch.Count < count && _arena.HasRoom)
        {
            byte* slot = _arena.Next;
            _arena.Keep(Offload.HeaderSize + FrameBytes);
            _batch.Add().Lend(slot + Offload.HeaderSize, FrameBytes, slot: 0);
        }
        _arena.Lend(_batch.Count);
    }
}

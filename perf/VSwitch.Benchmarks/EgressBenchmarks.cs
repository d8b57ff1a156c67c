using BenchmarkDotNet.Attributes;
using VSwitch.Frames;
using VSwitch.Ports;

namespace VSwitch.Benchmarks;

/// <summary>What a <see cref="SendPlan"/> costs for one copy, without sending it.</summary>
[MemoryDiagnoser]
public class EgressBenchmarks : IDisposable
{
    private const int TagTci = 100;
    private const int MtuBytes = 1500;

    private readonly SendPlan _plan = new();
    private readonly PortCounters _counters = new();
    private readonly ReceivedFrame _small = new(TcpFrame.MakeTagged(payloadBytes: 10, TagTci), default);
    private readonly ReceivedFrame _gso = new(TcpFrame.Make(payloadBytes: 65_160), TcpFrame.Gso(segmentBytes: 1448));
    private readonly ReceivedFrame _partial = new(TcpFrame.Make(payloadBytes: 1460), TcpFrame.PartialChecksum);

    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _plan.Dispose();
        _small.Dispose();
        _gso.Dispose();
        _partial.Dispose();
    }

    [Benchmark(Baseline = true)]
    public int TagKept() => Plan(_small, TagTci, OffloadSet.None);

    [Benchmark]
    public int TagChanged() => Plan(_small, TagTci + 1, OffloadSet.None);

    [Benchmark]
    public int TagLeftOut() => Plan(_small, SendEntry.Untagged, OffloadSet.None);

    [Benchmark]
    public int ChecksumFinished1460() => Plan(_partial, SendEntry.Untagged, OffloadSet.None);

    [Benchmark]
    public int Gso64KWhole() => Plan(_gso, SendEntry.Untagged, OffloadSet.All);

    [Benchmark]
    public int Gso64KCutTo1448() => Plan(_gso, SendEntry.Untagged, OffloadSet.None);

    [Benchmark]
    public int Gso64KCutTo1448WithPartialChecksums() => Plan(_gso, SendEntry.Untagged, OffloadSet.Checksum);

    private int Plan(ReceivedFrame frame, int tci, OffloadSet offloads)
    {
        _plan.Clear();
        _plan.TryAdd(frame.Batch, new SendEntry(0, tci), offloads, MtuBytes, _counters);
        return _plan.Count;
    }
}

using BenchmarkDotNet.Attributes;
using VSwitch.Wire;

namespace VSwitch.Benchmarks;

/// <summary>What the vectors of <see cref="Checksum.Sum"/> buy over one word at a time, by bytes summed.</summary>
[MemoryDiagnoser]
public class ChecksumBenchmarks
{
    private byte[] _bytes = [];

    [Params(20, 64, 1460, 65536)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _bytes = new byte[Bytes];
        new Random(1).NextBytes(_bytes);
    }

    [Benchmark(Baseline = true)]
    public uint Plain() => Checksum.SumPlain(_bytes);

    [Benchmark]
    public uint Vectors() => Checksum.Sum(_bytes);
}

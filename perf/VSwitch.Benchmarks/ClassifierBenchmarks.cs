using BenchmarkDotNet.Attributes;
using VSwitch.Policy;
using VSwitch.Wire;

namespace VSwitch.Benchmarks;

/// <summary>
/// What an access list costs for one frame, by its length and by what the frames are: always the same flow, 64 flows, or
/// flows that never come back; for a frame that matches the first entry, the last, or none. Plain tries entry after entry,
/// Classifier is <see cref="AccessListSnapshot"/> alone, Cached has a <see cref="FlowCache"/> before it, as a worker has.
/// </summary>
[MemoryDiagnoser]
public class ClassifierBenchmarks
{
    private const int FrameCount = 16_384;
    private const uint Network = 0x0A00_0000;
    private const uint Elsewhere = 0xC0A8_0000;

    private readonly FlowCache _cache = new();
    private AccessListSnapshot _list = null!;
    private AccessEntry[] _entries = [];
    private FrameHeaders[] _frames = [];

    public enum MatchedEntry
    {
        First,
        Last,
        None,
    }

    [Params(0, 1, 10, 100, 1000, 10_000)]
    public int Entries { get; set; }

    [Params(1, 64, FrameCount)]
    public int Flows { get; set; }

    [ParamsAllValues]
    public MatchedEntry Matched { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var random = new Random(1);
        _entries = [.. Enumerable.Range(0, Entries).Select(number => MakeEntry(number, random))];
        _list = AccessListSnapshot.Compile(new AccessListConfig { Name = "benchmark", Entries = [.. _entries] });
        FrameHeaders[] flows = [.. Enumerable.Range(0, Flows).Select(_ => MakeFrame(random))];
        _frames = [.. Enumerable.Range(0, FrameCount).Select(i => flows[i % Flows])];
    }

    /// <summary>Too slow for long lists to be worth the wait: ten frames stand for all.</summary>
    [Benchmark(OperationsPerInvoke = 10)]
    public int Plain()
    {
        int sum = 0;
        for (int i = 0; i < 10; i++)
            sum += MatchPlain(in _frames[i]);
        return sum;
    }

    [Benchmark(OperationsPerInvoke = FrameCount)]
    public int Classifier()
    {
        int sum = 0;
        for (int i = 0; i < _frames.Length; i++)
            sum += _list.Match(in _frames[i]);
        return sum;
    }

    [Benchmark(OperationsPerInvoke = FrameCount, Baseline = true)]
    public int Cached()
    {
        int sum = 0;
        for (int i = 0; i < _frames.Length; i++)
            sum += _cache.Match(_list, in _frames[i]);
        return sum;
    }

    private int MatchPlain(ref readonly FrameHeaders headers)
    {
        for (int entry = 0; entry < _entries.Length; entry++)
        {
            if (AccessEntryRules.Matches(_entries[entry], in headers))
                return entry;
        }
        return _entries.Length;
    }

    /// <summary>Entries of four kinds that overlap in one field or the other, as those of a real list do.</summary>
    private static AccessEntry MakeEntry(int number, Random random)
    {
        Ipv4Prefix from = Prefix(random, 24), to = Prefix(random, 24), host = Prefix(random, 32);
        ushort port = (ushort)random.Next(1, 1024);
        var entry = new AccessEntry { Sequence = (uint)number + 1, Action = number % 3 == 0 ? AccessAction.Deny : AccessAction.Permit, Protocol = IpProtocol.Tcp };
        return (number % 4) switch
        {
            0 => entry with { Source = from, Destination = to, DestinationPort = new PortMatch(PortOperator.Equal, port, port) },
            1 => entry with { Destination = host, DestinationPort = new PortMatch(PortOperator.Range, port, 1024) },
            2 => entry with { Source = host, DestinationPort = new PortMatch(PortOperator.Equal, port, port) },
            _ => entry with { Source = from, Destination = to },
        };
    }

    private static Ipv4Prefix Prefix(Random random, int length) =>
        Ipv4Prefix.Of(new Ipv4Address(Network | (uint)random.Next(1 << 24)), length);

    private FrameHeaders MakeFrame(Random random)
    {
        uint someSource = Elsewhere | (uint)random.Next(1 << 16), someDestination = Elsewhere | (uint)random.Next(1 << 16);
        AccessEntry? hit = Matched == MatchedEntry.None || _entries.Length == 0 ? null : _entries[Matched == MatchedEntry.First ? 0 : ^1];
        return new FrameHeaders
        {
            IpVersion = 4,
            Protocol = IpProtocol.Tcp,
            L4Offset = EthernetView.HeaderBytes + Ipv4View.HeaderBytesMin,
            TcpFlags = TcpFlags.Ack,
            Ipv4Source = hit is null ? someSource : hit.Source.Address.Value | someSource & ~hit.Source.Mask,
            Ipv4Destination = hit is null ? someDestination : hit.Destination.Address.Value | someDestination & ~hit.Destination.Mask,
            SourcePort = (ushort)random.Next(1 << 16),
            DestinationPort = hit?.DestinationPort.Low ?? (ushort)random.Next(1 << 16),
            FlowHash = (uint)random.NextInt64(1L << 32),
        };
    }
}

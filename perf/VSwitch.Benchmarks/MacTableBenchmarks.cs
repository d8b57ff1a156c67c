using BenchmarkDotNet.Attributes;
using VSwitch.Forwarding;

namespace VSwitch.Benchmarks;

/// <summary>What the MAC table costs for one frame, by the addresses that send and are sent to.</summary>
[MemoryDiagnoser]
public class MacTableBenchmarks
{
    /// <summary>Operations of one invocation: every address comes equally often.</summary>
    private const int OperationCount = 10_000;

    private const int Vlan = 10;
    private const int Port = 1;

    private MacTable _table = null!;
    private MacTable _full = null!;
    private ulong[] _addresses = [];
    private ulong _newAddress;
    private uint _seconds;

    [Params(10, 10_000)]
    public int Macs { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var random = new Random(1);
        ulong[] macs = [.. Enumerable.Range(0, Macs).Select(_ => 0x0200_0000_0000 | (ulong)random.NextInt64(1L << 40))];
        _addresses = [.. Enumerable.Range(0, OperationCount).Select(i => macs[i % Macs])];
        random.Shuffle(_addresses);

        _table = new MacTable();
        foreach (ulong mac in macs)
            _table.Learn(Vlan, mac, Port, _seconds);
        _full = new MacTable(capacity: Math.Max(64, Macs));
        LearnInAFullTable();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = OperationCount)]
    public int Lookup()
    {
        int sum = 0;
        foreach (ulong address in _addresses)
            sum += _table.Lookup(Vlan, address);
        return sum;
    }

    [Benchmark(OperationsPerInvoke = OperationCount)]
    public int LookupUnknown()
    {
        int sum = 0;
        foreach (ulong address in _addresses)
            sum += _table.Lookup(Vlan + 1, address);
        return sum;
    }

    /// <summary>What nearly every frame does: its source address was seen in this second already.</summary>
    [Benchmark(OperationsPerInvoke = OperationCount)]
    public void LearnAgain()
    {
        foreach (ulong address in _addresses)
            _table.Learn(Vlan, address, Port, _seconds);
    }

    /// <summary>Time goes on with every frame, so that each writes its entry's time.</summary>
    [Benchmark(OperationsPerInvoke = OperationCount)]
    public void LearnASecondLater()
    {
        foreach (ulong address in _addresses)
            _table.Learn(Vlan, address, Port, ++_seconds);
    }

    /// <summary>A guest that never uses an address twice, in a table that is full: each address evicts another.</summary>
    [Benchmark(OperationsPerInvoke = OperationCount)]
    public void LearnInAFullTable()
    {
        for (int i = 0; i < OperationCount; i++)
            _full.Learn(Vlan, 0x0200_0000_0000 | ++_newAddress, Port, _seconds);
    }
}

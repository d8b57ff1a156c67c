using VSwitch.Policy;
using VSwitch.Protocol;

namespace VSwitch.Vsm.Tests;

public sealed class InterfaceRatesTests
{
    private static readonly InterfaceId Port = InterfaceId.Vethernet(1);

    private readonly InterfaceRates _rates = new();
    private ulong _bytes = 5_000_000;
    private int _seconds;

    [Fact]
    public void AnInterfaceThatNobodyReadHasNoRate() => Assert.Equal(default, _rates.Input(Port));

    [Fact]
    public void WhatWasCountedBeforeTheFirstReadingDoesNotCount()
    {
        Read(seconds: 10, bytesPerSecond: 0);
        Read(seconds: 10, bytesPerSecond: 0);

        Assert.Equal(default, _rates.Input(Port));
    }

    [Fact]
    public void ASteadyRateIsReached()
    {
        for (int i = 0; i < 360; i++)
            Read(seconds: 10, bytesPerSecond: 1000);

        Assert.Equal(8000, _rates.Input(Port).BitsPerSecond, tolerance: 1);
        Assert.Equal(10, _rates.Input(Port).PacketsPerSecond, tolerance: 0.01);
        Assert.Equal(16000, _rates.Output(Port).BitsPerSecond, tolerance: 1);
    }

    /// <summary>After the time of the average, 1 - 1/e of the way is gone, however often one looked.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(100)]
    public void FiveMinutesAreTheTimeOfTheAverage(int seconds)
    {
        Read(seconds: 1, bytesPerSecond: 0);
        for (int i = 0; i < 300 / seconds; i++)
            Read(seconds, bytesPerSecond: 1000);

        Assert.Equal(8000 * (1 - 1 / Math.E), _rates.Input(Port).BitsPerSecond, tolerance: 0.01);
    }

    [Fact]
    public void ClearedCountersAreNoNegativeRate()
    {
        Read(seconds: 10, bytesPerSecond: 1000);
        _bytes = 0;
        Read(seconds: 10, bytesPerSecond: 1000);

        Assert.InRange(_rates.Input(Port).BitsPerSecond, 1, 8000);
    }

    /// <summary>Packets of 100 bytes come in, and twice as much goes out.</summary>
    private void Read(int seconds, int bytesPerSecond)
    {
        _seconds += seconds;
        _bytes += (ulong)(seconds * bytesPerSecond);
        var counters = new InterfaceCounters { ReceivedBytes = _bytes, ReceivedUnicast = _bytes / 100, SentBytes = 2 * _bytes };
        _rates.Read(Port, counters, TimeSpan.FromSeconds(_seconds));
    }
}

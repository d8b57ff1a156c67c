using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using VSwitch.Policy;
using VSwitch.Protocol;

namespace VSwitch.Vsm;

/// <summary>How fast an interface has been of late, in one direction.</summary>
public readonly record struct Rate(double BitsPerSecond, double PacketsPerSecond);

/// <summary>
/// Measures the "5 minute rates" of interfaces: the modules' counters are read every ten seconds, and what was counted in
/// between goes into an average in which five minutes ago counts for a third of now.
/// </summary>
public sealed class RateMeter(ModuleTable modules, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private const double AverageSeconds = 300;

    private readonly ConcurrentDictionary<InterfaceId, Reading> _readings = new();

    private readonly record struct Totals(ulong Bytes, ulong Packets);

    private sealed record Reading(long Timestamp, Totals In, Totals Out, Rate InRate, Rate OutRate);

    /// <summary>Into the switch.</summary>
    public Rate Input(InterfaceId id) => _readings.GetValueOrDefault(id)?.InRate ?? default;

    /// <summary>Out of the switch.</summary>
    public Rate Output(InterfaceId id) => _readings.GetValueOrDefault(id)?.OutRate ?? default;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach ((_, Answer answer) in (await ModuleAnswers.AskAsync(modules.Connected, CounterTable.Question)).Given)
            {
                foreach (InterfaceCounters counters in answer.Counters?.Interfaces ?? [])
                    Read(counters);
            }
        }
    }

    private void Read(InterfaceCounters counters)
    {
        if (!InterfaceId.TryParse(counters.Interface, out InterfaceId id) || modules.Holder(id) is null)
            return;
        long now = time.GetTimestamp();
        var input = new Totals(counters.ReceivedBytes, counters.Received());
        var output = new Totals(counters.SentBytes, counters.Sent());
        _readings.AddOrUpdate(id, _ => new Reading(now, input, output, default, default), (_, last) =>
        {
            double seconds = time.GetElapsedTime(last.Timestamp, now).TotalSeconds;
            return new Reading(now, input, output, Average(last.InRate, last.In, input, seconds), Average(last.OutRate, last.Out, output, seconds));
        });
    }

    /// <summary>Counters that went back have been cleared, and then say what was counted since.</summary>
    private static Rate Average(Rate rate, Totals before, Totals now, double seconds)
    {
        if (seconds <= 0)
            return rate;
        double weight = 1 - Math.Exp(-seconds / AverageSeconds);
        ulong bytes = now.Bytes >= before.Bytes ? now.Bytes - before.Bytes : now.Bytes;
        ulong packets = now.Packets >= before.Packets ? now.Packets - before.Packets : now.Packets;
        return new Rate(
            rate.BitsPerSecond + weight * (8 * bytes / seconds - rate.BitsPerSecond),
            rate.PacketsPerSecond + weight * (packets / seconds - rate.PacketsPerSecond));
    }
}

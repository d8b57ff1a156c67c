using System.Collections.Concurrent;
using VSwitch.Policy;
using VSwitch.Protocol;

namespace VSwitch.Vsm;

/// <summary>How fast an interface has been of late, in one direction.</summary>
public readonly record struct Rate(double BitsPerSecond, double PacketsPerSecond);

/// <summary>
/// The "5 minute rates" of interfaces, made of counters that are read from time to time: averages in which what was five
/// minutes ago counts for a third of what is now.
/// </summary>
public sealed class InterfaceRates
{
    private const double AverageSeconds = 300;

    private readonly ConcurrentDictionary<InterfaceId, Reading> _readings = new();

    private readonly record struct Totals(ulong Bytes, ulong Packets);

    private sealed record Reading(TimeSpan When, Totals In, Totals Out, Rate InRate, Rate OutRate);

    /// <summary>Into the switch.</summary>
    public Rate Input(InterfaceId id) => _readings.GetValueOrDefault(id)?.InRate ?? default;

    /// <summary>Out of the switch.</summary>
    public Rate Output(InterfaceId id) => _readings.GetValueOrDefault(id)?.OutRate ?? default;

    /// <summary>Takes what an interface has counted up to a moment of any clock that does not go back.</summary>
    public void Read(InterfaceId id, InterfaceCounters counters, TimeSpan when)
    {
        var input = new Totals(counters.ReceivedBytes, counters.Received());
        var output = new Totals(counters.SentBytes, counters.Sent());
        _readings.AddOrUpdate(id, _ => new Reading(when, input, output, default, default), (_, last) =>
        {
            double seconds = (when - last.When).TotalSeconds;
            return new Reading(
                when, input, output, Average(last.InRate, last.In, input, seconds), Average(last.OutRate, last.Out, output, seconds));
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

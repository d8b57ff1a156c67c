using System.Globalization;

namespace VSwitch.Grpc.Wire;

/// <summary>
/// The value of <c>grpc-timeout</c>: one to eight digits and a unit, one of H, M, S, m, u and n. Source: PROTOCOL-HTTP2, Timeout.
/// </summary>
internal static class TimeoutHeader
{
    private const long ValueMax = 99_999_999;
    private const int DigitCountMax = 8;
    private const int NanosecondsPerTick = 100;

    /// <summary>
    /// Writes a timeout in the finest unit that holds it, rounded up so that the server never gives up before the client.
    /// Negative ones become zero.
    /// </summary>
    public static string Format(TimeSpan timeout)
    {
        long ticks = Math.Max(timeout.Ticks, 0);
        if (ticks <= ValueMax / NanosecondsPerTick)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{ticks * NanosecondsPerTick}n");
        }

        (long unitTicks, char unit) = Math.Ceiling(ticks / (double)ValueMax) switch
        {
            <= TimeSpan.TicksPerMicrosecond => (TimeSpan.TicksPerMicrosecond, 'u'),
            <= TimeSpan.TicksPerMillisecond => (TimeSpan.TicksPerMillisecond, 'm'),
            <= TimeSpan.TicksPerSecond => (TimeSpan.TicksPerSecond, 'S'),
            <= TimeSpan.TicksPerMinute => (TimeSpan.TicksPerMinute, 'M'),
            _ => (TimeSpan.TicksPerHour, 'H'),
        };
        long value = Math.Min((ticks / unitTicks) + (ticks % unitTicks == 0 ? 0 : 1), ValueMax);
        return string.Create(CultureInfo.InvariantCulture, $"{value}{unit}");
    }

    /// <summary>Reads a timeout; false if it is malformed. The longest, 99999999H, is some 11,000 years.</summary>
    public static bool TryParse(string text, out TimeSpan timeout)
    {
        timeout = TimeSpan.Zero;
        if (text.Length is < 2 or > DigitCountMax + 1
            || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out long value))
        {
            return false;
        }

        if (text[^1] == 'n')
        {
            timeout = TimeSpan.FromTicks((value + NanosecondsPerTick - 1) / NanosecondsPerTick);
            return true;
        }

        long unitTicks = text[^1] switch
        {
            'u' => TimeSpan.TicksPerMicrosecond,
            'm' => TimeSpan.TicksPerMillisecond,
            'S' => TimeSpan.TicksPerSecond,
            'M' => TimeSpan.TicksPerMinute,
            'H' => TimeSpan.TicksPerHour,
            _ => 0,
        };
        timeout = TimeSpan.FromTicks(value * unitTicks);
        return unitTicks != 0;
    }
}

using System.Globalization;

namespace VSwitch.Vsm;

/// <summary>Times as NX-OS writes them, in UTC.</summary>
internal static class Clock
{
    /// <summary><c>Wed Nov 18 20:53:10 2026</c>.</summary>
    public static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("ddd MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture);

    /// <summary><c>20:53:10.123 UTC Wed Nov 18 2026</c>.</summary>
    public static string Full(DateTimeOffset time) =>
        time.UtcDateTime.ToString("HH:mm:ss.fff 'UTC' ddd MMM dd yyyy", CultureInfo.InvariantCulture);

    /// <summary><c>0 day(s), 2 hour(s), 53 minute(s), 4 second(s)</c>.</summary>
    public static string Span(TimeSpan span) => $"{span.Days} day(s), {span.Hours} hour(s), {span.Minutes} minute(s), {span.Seconds} second(s)";
}

using Microsoft.Extensions.Logging;

namespace VSwitch.Hosting;

/// <summary>How the servers write what they have to say: a line each to standard error, with the time in UTC.</summary>
public static class ProgramLog
{
    public static void AddTo(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        // What keeps the host from starting is an exception to the program, which says it in one line.
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ ";
        });
        logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace VSwitch.Hosting;

/// <summary>How the servers write what they have to say: a line each to standard error, <c>TIME LEVEL: TEXT</c>, with the time in UTC.</summary>
public static class ProgramLog
{
    public static void AddTo(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        // What keeps the host from starting is an exception to the program, which says it in one line.
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        logging.Services.AddSingleton<ConsoleFormatter, LineFormatter>();
        logging.AddConsole(console =>
        {
            console.FormatterName = LineFormatter.FormatterName;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
        });
    }

    private sealed class LineFormatter() : ConsoleFormatter(FormatterName)
    {
        public const string FormatterName = "line";

        public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
        {
            textWriter.Write($"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ssZ} {Word(logEntry.LogLevel)}: {logEntry.Formatter(logEntry.State, logEntry.Exception)}");
            textWriter.WriteLine(logEntry.Exception is { } exception ? $" {exception.ToString().ReplaceLineEndings(" ")}" : "");
        }

        private static string Word(LogLevel level) => level switch
        {
            LogLevel.Critical => "crit",
            LogLevel.Error => "fail",
            LogLevel.Warning => "warn",
            LogLevel.Information => "info",
            _ => "dbug",
        };
    }
}

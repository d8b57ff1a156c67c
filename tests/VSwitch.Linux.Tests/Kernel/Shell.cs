using System.Diagnostics;

namespace VSwitch.Linux.Tests;

/// <summary>Runs the programs that make and judge netdevs.</summary>
internal static class Shell
{
    /// <summary>Runs a command line (split at spaces) and returns what it printed.</summary>
    public static string Run(string commandLine)
    {
        (int status, string output) = TryRun(commandLine);
        return status == 0 ? output : throw new InvalidOperationException($"{commandLine}: status {status}\n{output}");
    }

    public static (int Status, string Output) TryRun(string commandLine)
    {
        using Process process = Start(commandLine);
        // The process does not close what was asked for.
        using StreamReader outputReader = process.StandardOutput, errorReader = process.StandardError;
        Task<string> errors = errorReader.ReadToEndAsync();
        string output = outputReader.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    public static Process Start(string commandLine)
    {
        string[] words = commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Process.Start(new ProcessStartInfo(words[0], words[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}

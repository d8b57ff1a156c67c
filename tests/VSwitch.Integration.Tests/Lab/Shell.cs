using System.Diagnostics;
using System.Text;

namespace VSwitch.Integration.Tests;

/// <summary>What a finished program said.</summary>
public sealed record ShellResult(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output and standard error together, for messages.</summary>
    public string Everything => Output + Error;
}

/// <summary>Runs programs and waits for them, never for ever.</summary>
public static class Shell
{
    public static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(60);

    /// <summary>Runs a program that has to succeed.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it said.</exception>
    public static string Run(string program, params string[] arguments)
    {
        ShellResult result = Try(program, arguments);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {result.ExitCode}:\n{result.Everything}");
    }

    /// <summary>Runs a program that may fail.</summary>
    public static ShellResult Try(string program, params string[] arguments) => Try(program, arguments, input: null);

    public static ShellResult Try(string program, IEnumerable<string> arguments, string? input) => Try(program, arguments, input, TimeMax);

    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">Standard input; null is none.</param>
    /// <param name="timeMax">Then it is killed, and the test fails.</param>
    public static ShellResult Try(string program, IEnumerable<string> arguments, string? input, TimeSpan timeMax)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var output = new StringBuilder();
        var error = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(error, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (input is not null)
            process.StandardInput.Write(input);
        process.StandardInput.Close();
        if (!process.WaitForExit(timeMax))
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} took longer than {timeMax.TotalSeconds} s:\n{output}{error}");
        }
        process.WaitForExit();
        return new ShellResult(process.ExitCode, output.ToString(), error.ToString());
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
                text.Append(line).Append('\n');
        }
    }
}

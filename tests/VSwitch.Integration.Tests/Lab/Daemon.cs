using System.Diagnostics;
using System.Text;

namespace VSwitch.Integration.Tests;

/// <summary>A program that runs until it is stopped or killed, with what it wrote so far.</summary>
public sealed class Daemon : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _log = new();

    public Daemon(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool IsRunning => !_process.HasExited;

    public int ExitCode => _process.ExitCode;

    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    /// <summary>Processor time used so far, by user and kernel, of all threads.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>
    /// It does next to nothing: of a few spans of time there is one in which it uses so little. The runtime compiles what has just run
    /// for the first time in the background; that ends. A processor may have slow minutes.
    /// </summary>
    public void AssertCalm(TimeSpan span, TimeSpan usedMax)
    {
        TimeSpan best = TimeSpan.MaxValue;
        for (int attempt = 0; attempt < 10 && best > usedMax; attempt++)
        {
            TimeSpan before = ProcessorTime;
            Thread.Sleep(span);
            TimeSpan used = ProcessorTime - before;
            best = used < best ? used : best;
        }
        Assert.InRange(best, TimeSpan.Zero, usedMax);
    }

    /// <summary>Ends its standard input, which ends programs that wait for that, and gives what it wrote.</summary>
    public string Finish()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(Shell.TimeMax))
            throw new InvalidOperationException($"Process {Id} did not end with its input:\n{Log}");
        _process.WaitForExit();
        return Log;
    }

    /// <summary>Waits until it ends by itself, and gives its exit code.</summary>
    public int WaitForExit()
    {
        if (!_process.WaitForExit(Shell.TimeMax))
            throw new InvalidOperationException($"Process {Id} did not end by itself:\n{Log}");
        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>SIGKILL: no chance to tidy up.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    /// <summary>SIGTERM, and the exit code.</summary>
    public int Stop()
    {
        if (!_process.HasExited)
            Shell.Run("kill", "-TERM", $"{_process.Id}");
        if (!_process.WaitForExit(Wait.TimeMax))
        {
            Kill();
            throw new InvalidOperationException($"Process {Id} did not end on SIGTERM:\n{Log}");
        }
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    private void Append(string? line)
    {
        if (line is null)
            return;
        lock (_log)
            _log.Append(line).Append('\n');
    }
}

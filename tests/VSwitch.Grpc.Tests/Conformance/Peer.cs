using System.ComponentModel;
using System.Diagnostics;

namespace VSwitch.Grpc.Tests.Conformance;

/// <summary>
/// A program that speaks gRPC by an implementation which is not ours. A peer that is not installed fails the test and says which
/// package is missing: a suite without its judges proves nothing.
/// </summary>
public sealed class Peer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private Peer(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts a Python script from Peers/ with python3-grpcio.</summary>
    public static async Task<Peer> StartPythonAsync(string script, params IEnumerable<string> arguments)
    {
        const string Interpreter = "/usr/bin/python3";
        const string Missing = "python3-grpcio is not installed: apt-get install python3-grpcio";
        await using (Peer probe = Start(Interpreter, ["-c", "import grpc"], Missing))
        {
            await probe._process.WaitForExitAsync();
            Assert.True(probe._process.ExitCode == 0, Missing);
        }

        return Start(Interpreter, [PathOf(script), .. arguments], Missing);
    }

    /// <summary>Starts a JavaScript from Peers/ with the given folder of modules.</summary>
    public static Peer StartNode(string modules, string script, params IEnumerable<string> arguments) =>
        Start("node", [PathOf(script), .. arguments], "node is not installed: apt-get install nodejs npm", modules);

    /// <summary>Starts any program; says what is missing if there is none.</summary>
    public static Peer Start(string program, IEnumerable<string> arguments, string missing, string? modules = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NODE_PATH"] = modules ?? "";
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        try
        {
            return new Peer(Process.Start(start)!);
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException(missing, e);
        }
    }

    /// <summary>The next line that the peer prints. Fails with the peer's errors if it ends first.</summary>
    public async Task<string> ReadLineAsync(CancellationToken cancellationToken) =>
        await _process.StandardOutput.ReadLineAsync(cancellationToken)
        ?? throw new InvalidOperationException($"The peer ended: {await _errors}");

    /// <summary>Waits for the peer's end. Fails with its errors unless it succeeded.</summary>
    public async Task<string> WaitForSuccessAsync(CancellationToken cancellationToken)
    {
        string output = await _process.StandardOutput.ReadToEndAsync(cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
        Assert.True(_process.ExitCode == 0, $"The peer failed: {await _errors}");
        return output;
    }

    /// <summary>Ends the peer: its standard input closes, and it does not get long to notice.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static string PathOf(string script) => Path.Combine(AppContext.BaseDirectory, "Peers", script);
}

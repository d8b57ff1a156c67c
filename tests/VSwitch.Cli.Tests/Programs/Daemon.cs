using System.Diagnostics;
using System.Net.Sockets;

namespace VSwitch.Cli.Tests.Programs;

/// <summary>A daemon with state and socket of its own, killed and cleared away after the test.</summary>
internal sealed class Daemon : IAsyncDisposable
{
    private readonly Fakes.TemporaryFolder _folder;
    private readonly Process _process;

    private Daemon(Fakes.TemporaryFolder folder, Process process) => (_folder, _process) = (folder, process);

    public string Socket => _folder.File("socket");

    public static Task<Daemon> StartVemAsync() => StartAsync(BuiltPrograms.Vem, folder =>
        ["--vsm", "unix:" + folder.File("no-vsm"), "--state", folder.File("state"), "--socket", folder.File("socket"), "--name", "host"]);

    /// <summary>A VSM that listens at unix sockets only.</summary>
    public static Task<Daemon> StartVsmAsync() => StartAsync(BuiltPrograms.Vsm, folder =>
        ["--listen", "unix:" + folder.File("socket"), "--state", folder.File("state"), "--socket", folder.File("socket")]);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    private static async Task<Daemon> StartAsync(string program, Func<Fakes.TemporaryFolder, string[]> arguments)
    {
        var folder = new Fakes.TemporaryFolder();
        var start = new ProcessStartInfo(program, arguments(folder)) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        var daemon = new Daemon(folder, Process.Start(start)!);
        Task<string> output = daemon._process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Task<string> error = daemon._process.StandardError.ReadToEndAsync(CancellationToken.None);
        while (!CanConnect(daemon.Socket))
        {
            if (daemon._process.HasExited)
                throw new InvalidOperationException($"{program} ended: {await output}{await error}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        return daemon;
    }

    private static bool CanConnect(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

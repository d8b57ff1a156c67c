using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace VSwitch.Vsm.Tests;

/// <summary>The program as a process: exit codes, messages, systemd, the end.</summary>
public sealed class ProgramTests : IDisposable
{
    private const int SigTerm = 15;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("vsm-program-");

    private string Socket => Path.Combine(_directory.FullName, "vsm.sock");

    private string State => Path.Combine(_directory.FullName, "state");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task HelpNamesEveryOption()
    {
        (int code, string output, string error) = await RunAsync("--help");

        Assert.Equal((0, ""), (code, error));
        Assert.All(["--listen", "--state", "--socket", "--help", "VSM_LISTEN", "VSM_STATE", "VSM_SOCKET"], word => Assert.Contains(word, output));
    }

    [Fact]
    public async Task WrongUsageIsTwoAndSaidInOneLine()
    {
        Assert.Equal((2, "", "vsm: --state needs a value\n"), await RunAsync("--state"));
    }

    [Fact]
    public async Task AFailureIsOneAndSaidInOneLine()
    {
        Directory.CreateDirectory(State);
        await File.WriteAllTextAsync(Path.Combine(State, "vsm.db"), "", TestContext.Current.CancellationToken);

        (int code, string output, string error) = await RunAsync("--state", State, "--socket", Socket, "--listen", $"unix:{Socket}");

        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("vsm: The configuration store ", error);
        Assert.Equal(1, error.Count(c => c == '\n'));
    }

    [Fact]
    public async Task TheServiceManagerHearsWhenItIsReadyAndSigTermEndsIt()
    {
        string notify = Path.Combine(_directory.FullName, "notify.sock");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(notify));

        using Process vsm = Start(start => start.Environment["NOTIFY_SOCKET"] = notify, "--state", State, "--socket", Socket, "--listen", $"unix:{Socket}");
        var message = new byte[64];
        int bytes = await listener.ReceiveAsync(message, TestContext.Current.CancellationToken);
        Assert.Equal("READY=1", Encoding.ASCII.GetString(message, 0, bytes));
        Assert.True(File.Exists(Socket));

        using Process kill = Process.Start("kill", [$"-{SigTerm}", $"{vsm.Id}"]);
        await vsm.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, vsm.ExitCode);
        Assert.False(File.Exists(Socket));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using Process vsm = Start(_ => { }, arguments);
        Task<string> output = vsm.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = vsm.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await vsm.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (vsm.ExitCode, await output, await error);
    }

    private static Process Start(Action<ProcessStartInfo> prepare, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "VSwitch.Vsm.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        prepare(start);
        return Process.Start(start)!;
    }
}

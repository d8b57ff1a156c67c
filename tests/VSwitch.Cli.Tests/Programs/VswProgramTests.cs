using VSwitch.Cli.Tests.Fakes;

namespace VSwitch.Cli.Tests.Programs;

/// <summary>The program <c>vsw</c>, as a process, against a server in this one.</summary>
public sealed class VswProgramTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private TinyVsm _vsm = null!;

    private string Address => $"unix:{_folder.File("vsm")}";

    public async ValueTask InitializeAsync() => _vsm = await TinyVsm.StartAsync(_folder.File("vsm"));

    public async ValueTask DisposeAsync()
    {
        await _vsm.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task CommandsShareTheirModes() =>
        Assert.Equal(new Outcome(0, "Enter configuration commands, one per line.\nvlan\n", ""), await Vsw("-c", "conf", "-c", "vlan 5", "-c", "show mode"));

    [Fact]
    public async Task StandardInputIsAScript() =>
        Assert.Equal(new Outcome(0, "exec\n", ""), await BuiltPrograms.RunAsync(BuiltPrograms.Vsw, ["--vsm", Address], "! test\nshow mode\n"));

    [Fact]
    public async Task AFileRunsAfterTheCommands()
    {
        await File.WriteAllTextAsync(_folder.File("lab.cfg"), "vlan 5\r\nvlan x\r\n", TestContext.Current.CancellationToken);

        Outcome outcome = await Vsw("-c", "conf", _folder.File("lab.cfg"));

        string origin = $"{_folder.File("lab.cfg")}:2: ";
        Assert.Equal(1, outcome.Code);
        Assert.StartsWith($"{origin}vlan x\n{new string(' ', origin.Length + 5)}^\n% Invalid", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheEnvironmentNamesTheVsm()
    {
        var environment = new Dictionary<string, string> { ["VSW_VSM"] = Address };
        Assert.Equal(0, (await BuiltPrograms.RunAsync(BuiltPrograms.Vsw, ["-c", "show mode"], environment: environment)).Code);
    }

    [Fact]
    public async Task ALineThatTheServerCannotDoIsAnError() =>
        Assert.Equal(new Outcome(1, "", "-c: throw\nERROR: the switch is full\n"), await Vsw("-c", "throw", "-c", "show mode"));

    [Fact]
    public async Task AClosedPipeIsNoError()
    {
        Outcome outcome = await BuiltPrograms.RunAsync("/bin/bash",
            ["-c", $"set -o pipefail; '{BuiltPrograms.Vsw}' --vsm {Address} -c 'show numbers 1000' -c 'show numbers 1000' | head -n 1"]);

        Assert.Equal(new Outcome(0, "number 1\n", ""), outcome);
    }

    [Fact]
    public async Task AVsmThatIsLostInTheMiddleIsReportedWithTheLine()
    {
        Task<Outcome> running = Vsw("-c", "show mode", "-c", "hang");
        while (!running.IsCompleted && !_vsm.HasHungCall)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        await _vsm.DisposeAsync();

        Outcome outcome = await running;

        Assert.Equal(3, outcome.Code);
        Assert.Equal("exec\n", outcome.Out);
        Assert.StartsWith($"-c: hang\nvsw: The VSM at {Address} was lost before it answered.", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoSuchSocket() => Assert.Equal(
        new Outcome(3, "", $"""
            vsw: No VSM answers at unix:/nonexistent/vsm.sock (there is no such socket).
            Is the VSM running? Start it with: vsm --listen unix:/nonexistent/vsm.sock

            """),
        await BuiltPrograms.RunAsync(BuiltPrograms.Vsw, ["--vsm", "unix:/nonexistent/vsm.sock", "-c", "show mode"]));

    [Fact]
    public async Task NobodyListens()
    {
        Outcome outcome = await BuiltPrograms.RunAsync(BuiltPrograms.Vsw, ["--vsm", "127.0.0.1:1", "-c", "show mode"]);

        Assert.Equal(3, outcome.Code);
        Assert.StartsWith("vsw: No VSM answers at 127.0.0.1:1 (connection refused).\n", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoSuchHost()
    {
        // No label has more than 63 characters (RFC 1035, 2.3.4), so no name server is asked.
        string host = new string('x', 64) + ".invalid";
        Outcome outcome = await BuiltPrograms.RunAsync(BuiltPrograms.Vsw, ["--vsm", $"{host}:4785", "-c", "show mode"]);

        Assert.Equal(3, outcome.Code);
        Assert.Contains("(there is no host of this name)", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileThatIsNoSocket()
    {
        await File.WriteAllTextAsync(_folder.File("plain"), "", TestContext.Current.CancellationToken);

        Outcome outcome = await BuiltPrograms.RunAsync(BuiltPrograms.Vsw, ["--vsm", $"unix:{_folder.File("plain")}", "-c", "show mode"]);

        Assert.Equal(3, outcome.Code);
        Assert.Contains("(nothing listens on this socket)", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASocketWhosePathIsTooLong()
    {
        Outcome outcome = await BuiltPrograms.RunAsync(BuiltPrograms.Vsw, ["--vsm", $"unix:/{new string('x', 200)}", "-c", "show mode"]);

        Assert.Equal(2, outcome.Code);
        Assert.Contains("107", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AScriptThatIsMissingRunsNothing()
    {
        Outcome outcome = await Vsw("-c", "show mode", "/nonexistent.cfg");

        Assert.Equal(2, outcome.Code);
        Assert.Empty(outcome.Out);
        Assert.StartsWith("vsw: The script '/nonexistent.cfg' cannot be read: ", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--frob", "vsw: There is no option '--frob'.\nTry 'vsw --help'.\n")]
    [InlineData("-c", "vsw: The option '-c' needs a value.\nTry 'vsw --help'.\n")]
    public async Task CalledWrongly(string argument, string error) => Assert.Equal(new Outcome(2, "", error), await Vsw(argument));

    [Fact]
    public async Task Help()
    {
        Outcome outcome = await BuiltPrograms.RunAsync(BuiltPrograms.Vsw, ["--help"]);

        Assert.Equal(0, outcome.Code);
        Assert.StartsWith("usage: vsw [--vsm ADDR]", outcome.Out, StringComparison.Ordinal);
    }

    private Task<Outcome> Vsw(params string[] arguments) => BuiltPrograms.RunAsync(BuiltPrograms.Vsw, ["--vsm", Address, .. arguments]);
}

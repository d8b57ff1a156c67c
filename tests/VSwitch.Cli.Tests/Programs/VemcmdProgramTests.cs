namespace VSwitch.Cli.Tests.Programs;

/// <summary>The program <c>vemcmd</c>, as a process, against a VEM, as a process, that has no VSM.</summary>
public sealed class VemcmdProgramTests : IAsyncLifetime
{
    private readonly string _netns = $"vsw-cli-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..6]}";
    private Daemon _vem = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.Equal(0, (await BuiltPrograms.RunAsync("ip", ["netns", "add", _netns])).Code);
        _vem = await Daemon.StartVemAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _vem.DisposeAsync();
        await BuiltPrograms.RunAsync("ip", ["netns", "del", _netns], cancellation: CancellationToken.None);
    }

    [Fact]
    public async Task AttachShowAndDetach()
    {
        Outcome attached = await Vemcmd("attach", "tap", "vswclitap0", "--netns", _netns, "--profile", "web", "--vm", "vm1");
        Assert.Equal((0, ""), (attached.Code, attached.Out));
        Assert.StartsWith("vemcmd: No VSM answers", attached.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await BuiltPrograms.RunAsync("ip", ["-n", _netns, "link", "show", "vswclitap0"])).Code);

        Assert.Contains("vswclitap0", (await Vemcmd("show", "port")).Out, StringComparison.Ordinal);
        Assert.StartsWith("{", (await Vemcmd("show port | json")).Out, StringComparison.Ordinal);

        Assert.Equal(new Outcome(0, "", ""), await Vemcmd("detach", "vswclitap0"));
        Assert.DoesNotContain("vswclitap0", (await Vemcmd("show", "port")).Out, StringComparison.Ordinal);
        Assert.Equal(
            new Outcome(1, "", "vemcmd: Nothing is attached as 'vswclitap0'. Attached are: no ports.\n"), await Vemcmd("detach", "vswclitap0"));
    }

    [Fact]
    public async Task AMissingNetdevIsRefused()
    {
        Outcome outcome = await Vemcmd("attach", "packet", "vswclinone", "--profile", "web", "--vm", "vm1");

        Assert.Equal((1, ""), (outcome.Code, outcome.Out));
        Assert.Contains("vswclinone", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheCaretStandsBelowTheWord() => Assert.Equal(
        new Outcome(1, "", "vemcmd: show prot\n             ^\n% Invalid command at '^' marker.\n"), await Vemcmd("show", "prot"));

    [Fact]
    public async Task AnUnknownCommandPointsToTheHelp() => Assert.Equal(
        new Outcome(1, "", "vemcmd: atach tap t0\n        ^\n% Invalid command at '^' marker.\nTry 'vemcmd --help'.\n"),
        await Vemcmd("atach", "tap", "t0"));

    [Fact]
    public async Task AQuestionMarkExplains()
    {
        Outcome outcome = await Vemcmd("show", "?");

        Assert.Equal(0, outcome.Code);
        Assert.Contains("port-drops", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheEnvironmentNamesTheSocket()
    {
        var environment = new Dictionary<string, string> { ["VEM_SOCKET"] = _vem.Socket };
        Assert.Equal(0, (await BuiltPrograms.RunAsync(BuiltPrograms.Vemcmd, ["show", "card"], environment: environment)).Code);
    }

    [Fact]
    public async Task AWrongSocketIsReported() => Assert.Equal(
        new Outcome(3, "", """
            vemcmd: No VEM answers at unix:/nonexistent/vem.sock (there is no such socket).
            Is the VEM running? Start it with: vem --vsm ADDR --socket /nonexistent/vem.sock

            """),
        await BuiltPrograms.RunAsync(BuiltPrograms.Vemcmd, ["--socket", "/nonexistent/vem.sock", "show", "port"]));

    [Fact]
    public async Task VswIsToldThatThisIsNoVsm() => Assert.Equal(
        new Outcome(3, "", $"vsw: The server at unix:{_vem.Socket} is not a VSM. Check the address.\n"),
        await BuiltPrograms.RunAsync(BuiltPrograms.Vsw, ["--vsm", $"unix:{_vem.Socket}", "-c", "show mode"]));

    [Fact]
    public async Task ASocketThatIsNotOpenToTheUser()
    {
        // Root without the capability to ignore permissions is as good as any user.
        File.SetUnixFileMode(_vem.Socket, UnixFileMode.None);
        Outcome outcome = await BuiltPrograms.RunAsync(
            "setpriv", ["--bounding-set=-dac_override,-dac_read_search", BuiltPrograms.Vemcmd, "--socket", _vem.Socket, "show", "port"]);

        Assert.Equal(3, outcome.Code);
        Assert.Equal($"vemcmd: No VEM answers at unix:{_vem.Socket} (permission denied).\nUse sudo: the socket is not open to you.\n", outcome.Error);
    }

    [Theory]
    [InlineData("attach tap t0 --vm v", "vemcmd: attach needs --profile P, a port profile of type vethernet.\nTry 'vemcmd --help'.\n")]
    [InlineData("detach", "vemcmd: detach needs one port: vethN or the name of its netdev.\nTry 'vemcmd --help'.\n")]
    public async Task CalledWrongly(string line, string error) => Assert.Equal(new Outcome(2, "", error), await Vemcmd(line.Split(' ')));

    [Fact]
    public async Task AScriptRunsUpToTheFirstLineThatFails()
    {
        string script = $"""
            ! two ports, and one that is wrong
            attach tap vswclis0 --netns {_netns} --profile web --vm vm1

            attach tap vswclis1 --netns {_netns} --profile web --vm vm2
            detach nothing
            attach tap vswclis2 --netns {_netns} --profile web --vm vm3
            """;
        Outcome outcome = await BuiltPrograms.RunAsync(BuiltPrograms.Vemcmd, ["--socket", _vem.Socket, "-"], script);

        Assert.Equal(1, outcome.Code);
        Assert.EndsWith($"vemcmd: Nothing is attached as 'nothing'. Attached are: vswclis0@{_netns}, vswclis1@{_netns}.\nstdin:5: detach nothing\n", outcome.Error, StringComparison.Ordinal);
        string ports = (await Vemcmd("show", "port")).Out;
        Assert.Contains("vswclis1", ports, StringComparison.Ordinal);
        Assert.DoesNotContain("vswclis2", ports, StringComparison.Ordinal);
        Assert.Equal(new Outcome(0, "", ""), await BuiltPrograms.RunAsync(BuiltPrograms.Vemcmd, ["--socket", _vem.Socket, "-"], "detach vswclis0\ndetach vswclis1\n"));
    }

    [Fact]
    public async Task AScriptNamesTheLineThatIsCalledWrongly() => Assert.Equal(
        new Outcome(2, "", "vemcmd: stdin:1: attach needs --vm VM, the name of the VM whose network card this is.\nTry 'vemcmd --help'.\n"),
        await BuiltPrograms.RunAsync(BuiltPrograms.Vemcmd, ["--socket", _vem.Socket, "-"], "attach tap t0 --profile web\n"));

    [Fact]
    public async Task Help()
    {
        Outcome outcome = await Vemcmd("attach", "--help");

        Assert.Equal(0, outcome.Code);
        Assert.StartsWith("usage: vemcmd [--socket PATH] attach", outcome.Out, StringComparison.Ordinal);
    }

    private Task<Outcome> Vemcmd(params string[] arguments) =>
        BuiltPrograms.RunAsync(BuiltPrograms.Vemcmd, ["--socket", _vem.Socket, .. arguments]);
}

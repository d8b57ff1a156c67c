using VSwitch.Cli.Scripts;
using VSwitch.Cli.Tests.Fakes;

namespace VSwitch.Cli.Tests.Scripts;

public sealed class ScriptRunnerTests : IDisposable
{
    private readonly TinySwitch _switch = new();
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _out.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task LinesRunInOneConversation()
    {
        int code = await RunFile("configure terminal\nvlan 10\n  name red\nvlan 20\n  name blue\nshow mode\n");

        Assert.Equal(ExitCode.Done, code);
        Assert.Equal(["10 red", "20 blue"], _switch.Names);
        Assert.Equal("Enter configuration commands, one per line.\nvlan\n", _out.ToString());
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public async Task AQuestionMarkListsTheWordsThatMayFollow()
    {
        Assert.Equal(ExitCode.Done, await Run(ScriptLine.Read(["show ?"])));

        Assert.Contains("module", _out.ToString(), StringComparison.Ordinal);
        Assert.Empty(_switch.Executed);
    }

    [Fact]
    public async Task AQuestionMarkInAFileIsTextLikeAnyOther()
    {
        await RunFile("configure terminal\nvlan 10\n  name up ?\n");

        Assert.Equal("  name up ?", _switch.Executed[^1]);
    }

    [Fact]
    public async Task CommentsAndBlankLinesAreNotSent()
    {
        await RunFile("! a comment\n\n   \n  ! another\nshow module\n");

        Assert.Equal(["show module"], _switch.Executed);
    }

    [Fact]
    public async Task TheFirstErrorStopsTheScriptAndIsShownWhereItIs()
    {
        int code = await RunFile("configure terminal\n\nvlan 5000\nvlan 10\n");

        Assert.Equal(ExitCode.Refused, code);
        Assert.Equal(["configure terminal", "vlan 5000"], _switch.Executed);
        Assert.Equal(
            """
            lab.cfg:3: vlan 5000
                            ^
            % Invalid number, range is (1-4094) at '^' marker.

            """,
            _error.ToString());
    }

    [Fact]
    public async Task TheCaretStandsBelowItsColumnBehindTabulators()
    {
        await RunFile("\t\tshow nothing\n");

        string[] lines = _error.ToString().Split('\n');
        Assert.Equal("lab.cfg:1: \t\tshow nothing", lines[0]);
        Assert.Equal("           \t\t     ^", lines[1]);
    }

    [Fact]
    public async Task CommandsOfTheCommandLineHaveNoLineNumber()
    {
        int code = await Run(ScriptLine.Read(["configure terminal", "vlan 10\nname red\r\n", "nonsense"]));

        Assert.Equal(ExitCode.Refused, code);
        Assert.Equal(["10 red"], _switch.Names);
        Assert.StartsWith("-c: nonsense\n    ^\n", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LeavingExecModeEndsTheScript()
    {
        int code = await RunFile("configure\nexit\nexit\nshow module\n");

        Assert.Equal(ExitCode.Done, code);
        Assert.Equal(["configure", "exit", "exit"], _switch.Executed);
    }

    [Fact]
    public async Task ALineIsReadWhenItsTurnComes()
    {
        using var reader = new StringReader("exit\nshow module\n");

        await Run(ScriptLine.Read("stdin", reader));

        Assert.Equal("show module", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task TerminalLengthIsNotTheServersBusiness()
    {
        int code = await RunFile("terminal length 0\nterm len 24\nshow module\n");

        Assert.Equal(ExitCode.Done, code);
        Assert.Equal(["show module"], _switch.Executed);
    }

    private async Task<int> RunFile(string text)
    {
        using var reader = new StringReader(text);
        return await Run(ScriptLine.Read("lab.cfg", reader));
    }

    private Task<int> Run(IEnumerable<ScriptLine> lines) =>
        ScriptRunner.RunAsync(lines, new Conversation(_switch), new Standard(TextReader.Null, _out, _error));
}

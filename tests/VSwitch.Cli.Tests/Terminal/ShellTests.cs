using VSwitch.Cli.Servers;
using VSwitch.Cli.Tests.Fakes;
using VSwitch.Cli.Vsw;
using VSwitch.Protocol;

namespace VSwitch.Cli.Tests.Terminal;

/// <summary>Keys in, screen out: the shell, the line editor, the painter and the pager together.</summary>
public sealed class ShellTests
{
    private readonly TinySwitch _switch = new();

    [Fact]
    public async Task PromptLineAnswer() => Assert.Equal(
        """
        tiny# show module
        Mod  Status
        ---  ------
        1    active
        tiny#
        """,
        await Screen("show module\r"));

    [Fact]
    public async Task ModesShowInThePromptAndCtrlZEnds() => Assert.Equal(
        """
        tiny# configure
        Enter configuration commands, one per line.
        tiny(config)# vlan 10
        tiny(config-vlan)# name red^Z
        tiny#
        """,
        await Screen("configure\rvlan 10\rname red\u001a"));

    [Fact]
    public async Task CtrlZCountsTheLine()
    {
        await Screen("configure\rvlan 10\rname red\u001a");
        Assert.Equal(["10 red"], _switch.Names);
    }

    [Fact]
    public async Task CtrlZInExecModeIsNoError() => Assert.Equal("tiny# ^Z\ntiny#", await Screen("\u001a"));

    [Fact]
    public async Task QuestionMarkExplainsAtOnceAndShowsTheLineAgain() => Assert.Equal(
        """
        tiny# show mod?
          mode    The mode
          module  Modules
        tiny# show mod
        """,
        await Screen("show mod?"));

    [Fact]
    public async Task AfterHelpTheLineGoesOn()
    {
        await Screen("show mod?ule\r");
        Assert.Equal(["", "show module"], _switch.Executed);
    }

    [Fact]
    public async Task HelpIsAboutWhatIsBeforeTheCursor() => Assert.Equal(
        """
        tiny# show mod?
          mode    The mode
          module  Modules
        tiny# show module
        """,
        await Screen("show module\e[D\e[D\e[D?"));

    [Fact]
    public async Task TabCompletesTheOnlyWord() => Assert.Equal("tiny# show numbers", await Screen("sho\tn\t"));

    [Fact]
    public async Task TabTwiceListsSeveralWords() => Assert.Equal(
        """
        tiny# show mod
        mode    module
        tiny# show mod
        """,
        await Screen("show m\t\t"));

    [Fact]
    public async Task TabWithNothingToOfferRings()
    {
        FakeTerminal terminal = await Run("nonsense\t");
        Assert.Contains('\a', terminal.Written.ToString());
        Assert.Equal("tiny# nonsense", terminal.Screen);
    }

    [Fact]
    public async Task UpAndDownBringLinesBack()
    {
        await Screen("show module\rshow mode\r\e[A\e[A\r\e[A\e[A\e[B\e[B\r");
        Assert.Equal(["", "show module", "show mode", "show module"], _switch.Executed);
    }

    [Fact]
    public async Task EditingKeysEdit()
    {
        await Screen("xhow modul\u0001\u001b[3~s\u0005e\r");
        Assert.Equal("show module", _switch.Executed[^1]);
    }

    [Fact]
    public async Task CtrlCCancelsTheLine()
    {
        Assert.Equal("tiny# show mod^C\ntiny#", await Screen("show mod\u0003"));
        Assert.Equal([""], _switch.Executed);
    }

    [Fact]
    public async Task CtrlDLeavesOnAnEmptyLineOnly()
    {
        await Screen("show modulee\e[D\u0004\r\u0004show mode\r");
        Assert.Equal(["", "show module"], _switch.Executed);
    }

    [Fact]
    public async Task ExitLeaves() => Assert.Equal("tiny# exit", await Screen("exit\rshow module\r"));

    [Fact]
    public async Task TheCaretStandsBelowTheWord() => Assert.Equal(
        """
        tiny# configure
        Enter configuration commands, one per line.
        tiny(config)# vlan 5000
                           ^
        % Invalid number, range is (1-4094) at '^' marker.
        tiny(config)#
        """,
        await Screen("configure\rvlan 5000\r"));

    [Fact]
    public async Task LongOutputStopsUnlessToldNotTo()
    {
        Assert.DoesNotContain("number 30", await Screen("show numbers 30\rq"), StringComparison.Ordinal);
        Assert.Contains("number 30\n", await Screen("show numbers 30 | no-more\r"), StringComparison.Ordinal);
        Assert.Contains("number 30\n", await Screen("terminal length 0\rshow numbers 30\r"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALineLongerThanTheWindowWraps()
    {
        FakeTerminal terminal = await Run("abcdefghijklmnopqrst", width: 10);

        Assert.Equal("tiny# abcd\nefghijklmn\nopqrst", terminal.Screen);
    }

    [Theory]
    [InlineData("abcd")]
    [InlineData("abcdefghijklmn")]
    public async Task ALineThatFillsTheWindowLeavesNoHole(string line)
    {
        FakeTerminal terminal = await Run(line + "\u0003\r", width: 10);

        Assert.DoesNotContain("\n\n", terminal.Screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARowThatIsJustFullIsRepaintedInItsPlace()
    {
        FakeTerminal terminal = await Run("ab\u0003abcd\u0001X", width: 10);

        Assert.Equal("tiny# ab^C\ntiny# Xabc\nd", terminal.Screen);
    }

    [Fact]
    public async Task EditingInsideALineThatWrapsRepaintsAllOfIt()
    {
        FakeTerminal terminal = await Run("abcdefghij\u0001XY\u0005Z", width: 10);

        Assert.Equal("tiny# XYab\ncdefghijZ", terminal.Screen);
    }

    [Fact]
    public async Task AServerThatIsAwayForAMomentIsAskedAgain()
    {
        var server = new FlakyServer(_switch) { FailureCount = 1 };

        string screen = await Screen("show mode\r", server);

        Assert.Equal("tiny# show mode\nexec\ntiny#", screen);
    }

    [Fact]
    public async Task AServerThatStaysAwayIsReportedAndTheModeIsKept()
    {
        var server = new FlakyServer(_switch) { FailFrom = "vlan 10" };

        string screen = await Screen("configure\rvlan 10\rshow mode\r", server);

        Assert.Equal(
            """
            tiny# configure
            Enter configuration commands, one per line.
            tiny(config)# vlan 10
            No VSM answers.
            tiny(config)# show mode
            config
            tiny(config)#
            """,
            screen);
    }

    [Fact]
    public async Task ALineThatMayHaveRunIsNotRepeated()
    {
        var server = new FlakyServer(_switch) { FailFrom = "vlan 10", MayHaveRun = true };

        string screen = await Screen("configure\rvlan 10\r", server);

        Assert.Contains("No VSM answers. It may or may not have carried the line out.", screen, StringComparison.Ordinal);
        Assert.Equal(1, server.RefusedCount);
    }

    private async Task<string> Screen(string keys, ICommandServer? server = null)
    {
        FakeTerminal terminal = await Run(keys, server: server);
        return terminal.Screen;
    }

    private async Task<FakeTerminal> Run(string keys, int width = 80, ICommandServer? server = null)
    {
        var terminal = new FakeTerminal(keys, width);
        await new Shell(new Conversation(server ?? _switch), terminal).RunAsync();
        return terminal;
    }

    /// <summary>A server that is away: for a number of calls, or for both tries of a line.</summary>
    private sealed class FlakyServer(ICommandServer server) : ICommandServer
    {
        public int FailureCount { get; set; }

        public string FailFrom { get; init; } = "";

        public bool MayHaveRun { get; init; }

        public int RefusedCount { get; private set; }

        public Task<ExecuteResponse> ExecuteAsync(ExecuteRequest request, CancellationToken cancellationToken)
        {
            bool fails = request.Line.Length > 0 && (FailureCount-- > 0 || request.Line == FailFrom);
            RefusedCount += fails ? 1 : 0;
            return fails
                ? throw new ServerUnreachableException("No VSM answers.") { MayHaveRun = MayHaveRun }
                : server.ExecuteAsync(request, cancellationToken);
        }

        public Task<HelpResponse> HelpAsync(HelpRequest request, CancellationToken cancellationToken) =>
            server.HelpAsync(request, cancellationToken);

        public Task<CompleteResponse> CompleteAsync(HelpRequest request, CancellationToken cancellationToken) =>
            server.CompleteAsync(request, cancellationToken);
    }
}

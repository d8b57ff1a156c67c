using VSwitch.Cli.Tests.Fakes;

namespace VSwitch.Cli.Tests.Programs;

/// <summary>The program <c>vsw</c> in a real terminal.</summary>
public sealed class InteractiveTests
{
    private const int TimeMax = 300_000;

    [Fact(Timeout = TimeMax)]
    public async Task AgainstTheVsm()
    {
        await using Daemon vsm = await Daemon.StartVsmAsync();
        await using Tmux tmux = await Tmux.StartAsync($"{BuiltPrograms.Vsw} --vsm unix:{vsm.Socket}");
        await tmux.WaitForAsync("switch#");
        await tmux.HitAsync("conf", "Space", "ter", "Tab", "Enter");
        await tmux.WaitForAsync("switch(config)#");
        await tmux.HitAsync("vlan 5000", "Enter");
        await tmux.WaitForAsync("% Invalid number");
        await tmux.HitAsync("vlan 10", "Enter");
        await tmux.WaitForAsync("switch(config-vlan)#");
        await tmux.HitAsync("na?");
        await tmux.WaitForAsync("  name");
        await tmux.HitAsync("me red", "C-z");

        Assert.Equal(
            """
            switch# conf terminal
            Enter configuration commands, one per line.  End with CNTL/Z.
            switch(config)# vlan 5000
                                 ^
            % Invalid number, range is (1-3967,4048-4093) at '^' marker.
            switch(config)# vlan 10
            switch(config-vlan)# na?
              name  Name
            switch(config-vlan)# name red^Z
            switch#
            """,
            await tmux.WaitForAsync("^Z\nswitch#"));
    }

    [Fact(Timeout = TimeMax)]
    public async Task TheTerminalIsLeftAsItWas()
    {
        await using Window window = await Window.OpenAsync();
        await window.Tmux.HitAsync("exit", "Enter");

        string screen = await window.Tmux.WaitForAsync("echoke");

        Assert.Contains("exit code 0", screen, StringComparison.Ordinal);
        foreach (string setting in (string[])[" icanon", " echo ", " isig", " icrnl", " iexten", "susp = ^Z", "quit = ^\\"])
            Assert.Contains(setting, screen.Replace('\n', ' '), StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeMax)]
    public async Task OutputStopsAtTheHeightOfTheWindow()
    {
        await using Window window = await Window.OpenAsync(height: 10);
        await window.Tmux.HitAsync("show numbers 30", "Enter");
        Assert.EndsWith("number 8\nnumber 9\n--More--", await window.Tmux.WaitForAsync("--More--"), StringComparison.Ordinal);

        await window.Tmux.HitAsync("Space");
        Assert.EndsWith("number 18\n--More--", await window.Tmux.WaitForAsync("number 18\n--More--"), StringComparison.Ordinal);

        await window.Tmux.HitAsync("q");
        Assert.EndsWith("number 18\ntiny#", await window.Tmux.WaitForAsync("number 18\ntiny#"), StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeMax)]
    public async Task ALongLineWrapsAndCanBeEdited()
    {
        await using Window window = await Window.OpenAsync(width: 20);
        await window.Tmux.HitAsync("abcdefghijklmnopqrstuvwxyz", "Home", "0", "End", "9", "Left", "Left", "8");

        Assert.Equal("tiny# 0abcdefghijklm\nnopqrstuvwxy8z9", await window.Tmux.WaitForAsync("8z9"));
    }

    [Fact(Timeout = TimeMax)]
    public async Task AConfigurationCanBePastedWithTabulatorsAndQuestionMarks()
    {
        await using Window window = await Window.OpenAsync(width: 100);
        await window.Tmux.PasteAsync("configure\nvlan 10\n\tname red?\nvlan 20\n\tname blue\nend\nshow mode\n");

        Assert.Equal(
            """
            tiny# configure
            Enter configuration commands, one per line.
            tiny(config)# vlan 10
            tiny(config-vlan)#  name red?
            tiny(config-vlan)# vlan 20
            tiny(config-vlan)#  name blue
            tiny(config-vlan)# end
            tiny# show mode
            exec
            tiny#
            """,
            await window.Tmux.WaitForAsync("exec\ntiny#"));
    }

    [Fact(Timeout = TimeMax)]
    public async Task NothingIsLostOfAPasteLongerThanTheKernelsBuffer()
    {
        await using Window window = await Window.OpenAsync();
        string[] names = [.. Enumerable.Range(1, 600).Select(number => $"10 a-long-name-{number}")];
        await window.Tmux.PasteAsync($"configure\nvlan 10\n{string.Concat(names.Select(name => $"name {name[3..]}\n"))}show mode\n");
        await window.Tmux.WaitForAsync("vlan\ntiny(config-vlan)#");

        Assert.Equal(names, window.Vsm.Switch.Names);
    }

    [Fact(Timeout = TimeMax)]
    public async Task CtrlCLeavesACommandThatDoesNotAnswer()
    {
        await using Window window = await Window.OpenAsync();
        await window.Tmux.HitAsync("hang", "Enter");
        while (!window.Vsm.HasHungCall)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        await window.Tmux.HitAsync("C-c");
        await window.Tmux.WaitForAsync("hang\n^C\ntiny#");

        await window.Tmux.HitAsync("show mode", "Enter");
        await window.Tmux.WaitForAsync("exec\ntiny#");
    }

    [Fact(Timeout = TimeMax)]
    public async Task TheModeOutlivesTheVsm()
    {
        await using Window window = await Window.OpenAsync();
        await window.Tmux.HitAsync("configure", "Enter", "vlan 10", "Enter");
        await window.Tmux.WaitForAsync("(config-vlan)#");
        await window.StopAsync();
        await window.Tmux.HitAsync("show mode", "Enter");
        await window.Tmux.WaitForAsync("Is the VSM running?");

        await window.StartAsync();
        await window.Tmux.HitAsync("show mode", "Enter");
        await window.Tmux.WaitForAsync("vlan\ntiny(config-vlan)#");
    }

    /// <summary>A window with <c>vsw</c> in it, and the server it talks to.</summary>
    private sealed class Window : IAsyncDisposable
    {
        private readonly TemporaryFolder _folder = new();

        private Window()
        {
        }

        public TinyVsm Vsm { get; private set; } = null!;

        public Tmux Tmux { get; private set; } = null!;

        public static async Task<Window> OpenAsync(int width = 80, int height = 24)
        {
            var window = new Window();
            await window.StartAsync();
            window.Tmux = await Tmux.StartAsync($"{BuiltPrograms.Vsw} --vsm unix:{window._folder.File("vsm")}", width, height);
            await window.Tmux.WaitForAsync("tiny#");
            return window;
        }

        public async Task StartAsync() => Vsm = await TinyVsm.StartAsync(_folder.File("vsm"));

        public ValueTask StopAsync() => Vsm.DisposeAsync();

        public async ValueTask DisposeAsync()
        {
            await Tmux.DisposeAsync();
            await Vsm.DisposeAsync();
            _folder.Dispose();
        }
    }
}

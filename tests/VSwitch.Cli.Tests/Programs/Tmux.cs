namespace VSwitch.Cli.Tests.Programs;

/// <summary>A window of tmux, a terminal made by others, with a program in it.</summary>
internal sealed class Tmux : IAsyncDisposable
{
    private readonly Fakes.TemporaryFolder _folder = new();

    private Tmux()
    {
    }

    /// <param name="command">A line for the shell. When it ends the window shows <c>exit code N</c>.</param>
    /// <param name="width">Characters per row.</param>
    /// <param name="height">Rows.</param>
    public static async Task<Tmux> StartAsync(string command, int width = 80, int height = 24)
    {
        var tmux = new Tmux();
        await tmux.Call("new-session", "-d", "-x", $"{width}", "-y", $"{height}", $"{command}; echo exit code $?; stty -a; cat");
        return tmux;
    }

    /// <summary>Hits keys by their tmux names: <c>Enter</c>, <c>C-z</c>, <c>Up</c>; everything else is typed.</summary>
    public Task HitAsync(params string[] keys) => Call(["send-keys", .. keys]);

    /// <summary>Pastes text as a terminal does.</summary>
    public async Task PasteAsync(string text)
    {
        await Call("set-buffer", text);
        await Call("paste-buffer", "-p");
    }

    /// <summary>Waits until the screen holds a text, and gives the screen: its rows without blank ends.</summary>
    public async Task<string> WaitForAsync(string text)
    {
        while (true)
        {
            string screen = (await Call("capture-pane", "-p")).TrimEnd('\n');
            if (screen.Contains(text, StringComparison.Ordinal))
                return screen;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await BuiltPrograms.RunAsync("tmux", ["-S", _folder.File("tmux"), "kill-server"], cancellation: CancellationToken.None);
        _folder.Dispose();
    }

    private async Task<string> Call(params string[] arguments)
    {
        Outcome outcome = await BuiltPrograms.RunAsync("tmux", ["-S", _folder.File("tmux"), "-f", "/dev/null", .. arguments]);
        return outcome.Code == 0 ? outcome.Out : throw new InvalidOperationException($"tmux {arguments[0]}: {outcome.Error}");
    }
}

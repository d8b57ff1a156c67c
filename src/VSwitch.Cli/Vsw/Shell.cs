using Grpc.Core;
using VSwitch.Cli.Local;
using VSwitch.Cli.Servers;
using VSwitch.Cli.Terminal;
using VSwitch.Protocol;

namespace VSwitch.Cli.Vsw;

/// <summary><c>vsw</c> with somebody in front of it: prompt, line, answer, until he leaves.</summary>
internal sealed class Shell : ILineAssistant
{
    private static readonly TimeSpan RestartTime = TimeSpan.FromSeconds(2);

    private readonly Conversation _conversation;
    private readonly ITerminal _terminal;
    private readonly Pager _pager;
    private readonly LineEditor _editor;

    public Shell(Conversation conversation, ITerminal terminal)
    {
        _conversation = conversation;
        _terminal = terminal;
        _pager = new Pager(terminal);
        _editor = new LineEditor(terminal, _pager, this);
    }

    /// <summary>Starts with the prompt, which an empty line brings.</summary>
    /// <exception cref="ServerUnreachableException">The server is not there to begin with.</exception>
    public async Task RunAsync()
    {
        await _conversation.ExecuteAsync("");
        while (!_conversation.IsOver)
        {
            Entry entry = await _editor.ReadLineAsync(_conversation.Prompt);
            switch (entry.Kind)
            {
                case EntryKind.Left:
                    return;
                case EntryKind.Entered:
                    await ExecuteAsync(entry.Text);
                    break;
                case EntryKind.Finished:
                    await ExecuteAsync(entry.Text);
                    await EndAsync();
                    break;
            }
        }
    }

    public async Task<string> HelpAsync(string line) => await AssistAsync(
        async () => (await _conversation.HelpAsync(line)).Text, complaint => complaint + "\n");

    public async Task<IReadOnlyList<string>> CompleteAsync(string line) => await AssistAsync(
        async () => (IReadOnlyList<string>)(await _conversation.CompleteAsync(line)).Candidates, _ => []);

    private async Task ExecuteAsync(string line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        string prompt = _conversation.Prompt;
        using var interrupted = new CancellationTokenSource();
        try
        {
            ExecuteResponse response;
            using (_terminal.OnInterrupt(interrupted.Cancel))
                response = await ExecutePatientlyAsync(line, interrupted.Token);
            _pager.Length = _conversation.ScreenLength;
            _pager.Write(Lines(response.Output), stops: !EndsWithNoMore(line));
            if (!response.Ok)
                _terminal.Write(Caret(prompt, response.ErrorColumn) + Lines(response.Error));
        }
        catch (ServerUnreachableException exception)
        {
            _terminal.Write(Lines(exception.Message));
        }
        catch (OperationCanceledException)
        {
            _terminal.Write("^C\n");
        }
    }

    /// <summary>
    /// A server that is just being restarted gets time for it, and the line a second time, unless the first may have had an effect.
    /// </summary>
    private async Task<ExecuteResponse> ExecutePatientlyAsync(string line, CancellationToken cancellationToken)
    {
        try
        {
            return await _conversation.ExecuteAsync(line, cancellationToken);
        }
        catch (ServerUnreachableException exception) when (!exception.MayHaveRun || LocalWords.IsShow(line))
        {
            await Task.Delay(RestartTime, cancellationToken);
            return await _conversation.ExecuteAsync(line, cancellationToken);
        }
        catch (ServerUnreachableException exception)
        {
            throw new ServerUnreachableException($"{exception.Message} It may or may not have carried the line out.");
        }
    }

    /// <summary>In EXEC mode there is nothing to end, and the refusal says nothing new.</summary>
    private async Task EndAsync()
    {
        try
        {
            await _conversation.ExecuteAsync("end");
        }
        catch (ServerUnreachableException exception)
        {
            _terminal.Write(Lines(exception.Message));
        }
    }

    private static async Task<T> AssistAsync<T>(Func<Task<T>> ask, Func<string, T> otherwise)
    {
        try
        {
            return await ask();
        }
        catch (ServerUnreachableException exception)
        {
            return otherwise(exception.Message);
        }
        catch (RpcException refusal)
        {
            return otherwise($"ERROR: {refusal.Status.Detail}");
        }
    }

    private string Caret(string prompt, int column) =>
        column < 0 ? "" : new string(' ', (prompt.Length + column) % _terminal.Width) + "^\n";

    private static bool EndsWithNoMore(string line) =>
        line.LastIndexOf('|') is >= 0 and var pipe && LocalWords.IsAbbreviation(line[(pipe + 1)..].Trim(), "no-more", lengthMin: 1);

    /// <summary>The text, ended by a line feed if there is any.</summary>
    private static string Lines(string text) => text.Length == 0 || text.EndsWith('\n') ? text : text + "\n";
}

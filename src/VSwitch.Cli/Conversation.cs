using Grpc.Core;
using VSwitch.Cli.Local;
using VSwitch.Cli.Servers;
using VSwitch.Protocol;

namespace VSwitch.Cli;

/// <summary>
/// One user's conversation with a server, which remembers nothing between two lines: where the user stands is kept here, as the
/// text that came with the last answer. So are the things that a server far away cannot do: files and screens.
/// </summary>
internal sealed class Conversation(ICommandServer server)
{
    private string _session = "";

    /// <summary>The prompt that came with the last answer.</summary>
    public string Prompt { get; private set; } = "";

    /// <summary>Whether the user has left the outermost mode.</summary>
    public bool IsOver { get; private set; }

    /// <summary>What <c>terminal length</c> said; null if nothing.</summary>
    public int? ScreenLength { get; private set; }

    /// <exception cref="ServerUnreachableException">There is no answer.</exception>
    /// <exception cref="OperationCanceledException">The caller does not wait for it.</exception>
    public async Task<ExecuteResponse> ExecuteAsync(string line, CancellationToken cancellationToken = default)
    {
        if (TerminalLength.TryRead(line, out int? length))
        {
            ScreenLength = length ?? ScreenLength;
            return length is null ? TerminalLength.Refusal(line) : new ExecuteResponse { Ok = true };
        }

        (string command, Redirection? redirection) = Redirection.Take(line);
        ExecuteResponse response = await AskAsync(command, cancellationToken);
        return redirection is not null && response.Ok ? Keep(response, redirection) : response;
    }

    /// <inheritdoc cref="ExecuteAsync"/>
    public Task<HelpResponse> HelpAsync(string line) => server.HelpAsync(new HelpRequest { Session = _session, Line = line }, default);

    /// <inheritdoc cref="ExecuteAsync"/>
    public Task<CompleteResponse> CompleteAsync(string line) =>
        server.CompleteAsync(new HelpRequest { Session = _session, Line = line }, default);

    private async Task<ExecuteResponse> AskAsync(string line, CancellationToken cancellationToken)
    {
        try
        {
            ExecuteResponse response = await server.ExecuteAsync(new ExecuteRequest { Session = _session, Line = line }, cancellationToken);
            (_session, Prompt, IsOver) = (response.Session, response.Prompt, response.Closed);
            return response;
        }
        catch (RpcException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (RpcException refusal)
        {
            return Refused(refusal.Status.Detail);
        }
    }

    private static ExecuteResponse Keep(ExecuteResponse response, Redirection redirection)
    {
        try
        {
            redirection.Write(response.Output);
            response.Output = "";
            return response;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Refused($"'{redirection.Path}' cannot be written: {exception.Message}");
        }
    }

    private static ExecuteResponse Refused(string reason) => new() { Error = $"ERROR: {reason}", ErrorColumn = -1 };
}

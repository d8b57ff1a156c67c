using Grpc.Core;
using VSwitch.Cli.Servers;
using VSwitch.Protocol;

namespace VSwitch.Cli;

/// <summary>
/// One user's conversation with a server, which remembers nothing between two lines: where the user stands is kept here, as the
/// text that came with the last answer.
/// </summary>
internal sealed class Conversation(ICommandServer server)
{
    private string _session = "";

    /// <summary>The prompt that came with the last answer.</summary>
    public string Prompt { get; private set; } = "";

    /// <summary>Whether the user has left the outermost mode.</summary>
    public bool IsOver { get; private set; }

    /// <exception cref="ServerUnreachableException">There is no answer.</exception>
    public async Task<ExecuteResponse> ExecuteAsync(string line, CancellationToken cancellationToken = default)
    {
        try
        {
            ExecuteResponse response = await server.ExecuteAsync(new ExecuteRequest { Session = _session, Line = line }, cancellationToken);
            _session = response.Session;
            Prompt = response.Prompt;
            IsOver = response.Closed;
            return response;
        }
        catch (RpcException refusal) when (!cancellationToken.IsCancellationRequested)
        {
            return new ExecuteResponse { Error = $"ERROR: {refusal.Status.Detail}", ErrorColumn = -1 };
        }
    }

    /// <inheritdoc cref="ExecuteAsync"/>
    public Task<HelpResponse> HelpAsync(string line, CancellationToken cancellationToken = default) =>
        server.HelpAsync(new HelpRequest { Session = _session, Line = line }, cancellationToken);

    /// <inheritdoc cref="ExecuteAsync"/>
    public Task<CompleteResponse> CompleteAsync(string line, CancellationToken cancellationToken = default) =>
        server.CompleteAsync(new HelpRequest { Session = _session, Line = line }, cancellationToken);
}

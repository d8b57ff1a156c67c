using VSwitch.Protocol;

namespace VSwitch.Cli.Servers;

/// <summary>A server that understands command lines.</summary>
internal interface ICommandServer
{
    /// <exception cref="ServerUnreachableException">There is no answer.</exception>
    Task<ExecuteResponse> ExecuteAsync(ExecuteRequest request, CancellationToken cancellationToken);

    /// <inheritdoc cref="ExecuteAsync"/>
    Task<HelpResponse> HelpAsync(HelpRequest request, CancellationToken cancellationToken);

    /// <inheritdoc cref="ExecuteAsync"/>
    Task<CompleteResponse> CompleteAsync(HelpRequest request, CancellationToken cancellationToken);
}

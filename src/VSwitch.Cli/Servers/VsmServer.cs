using Grpc.Core;
using VSwitch.Protocol;

namespace VSwitch.Cli.Servers;

/// <summary>The command lines of a VSM.</summary>
internal sealed class VsmServer(ServerLine line) : ICommandServer
{
    public Task<ExecuteResponse> ExecuteAsync(ExecuteRequest request, CancellationToken cancellationToken) =>
        line.CallAsync(invoker => Client(invoker).ExecuteAsync(request, cancellationToken: cancellationToken));

    public Task<HelpResponse> HelpAsync(HelpRequest request, CancellationToken cancellationToken) =>
        line.CallAsync(invoker => Client(invoker).HelpAsync(request, cancellationToken: cancellationToken));

    public Task<CompleteResponse> CompleteAsync(HelpRequest request, CancellationToken cancellationToken) =>
        line.CallAsync(invoker => Client(invoker).CompleteAsync(request, cancellationToken: cancellationToken));

    private static Management.ManagementClient Client(CallInvoker invoker) => new(invoker);
}

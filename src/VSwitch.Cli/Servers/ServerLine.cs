using Grpc.Core;
using Grpc.Net.Client;
using VSwitch.Grpc;

namespace VSwitch.Cli.Servers;

/// <summary>
/// The line to a server that may be at one of several addresses. The first address that answers is kept; the channel behind it
/// connects again by itself when the server has been restarted.
/// </summary>
internal sealed class ServerLine(ServerKind kind, IReadOnlyList<GrpcAddress> addresses) : IDisposable
{
    private GrpcAddress? _address;
    private GrpcChannel? _channel;

    /// <summary>Makes one call.</summary>
    /// <exception cref="ServerUnreachableException">There is no answer, or not from such a server.</exception>
    /// <exception cref="RpcException">The server refused the call.</exception>
    public async Task<T> CallAsync<T>(Func<CallInvoker, AsyncUnaryCall<T>> call)
    {
        var failures = new List<(GrpcAddress Address, string Reason)>();
        foreach (GrpcAddress address in _address is null ? addresses : [_address])
        {
            GrpcChannel channel = _channel ?? GrpcChannels.Create(address);
            try
            {
                T response = await call(channel.CreateCallInvoker());
                (_address, _channel) = (address, channel);
                return response;
            }
            catch (RpcException exception) when (ConnectFailure.Is(exception))
            {
                failures.Add((address, ConnectFailure.Reason(address, exception)));
            }
            catch (RpcException exception) when (IsLost(exception))
            {
                string message = $"The {kind.Name} at {address} was lost before it answered.";
                throw new ServerUnreachableException(message) { MayHaveRun = true };
            }
            catch (RpcException exception) when (IsStranger(exception))
            {
                throw new ServerUnreachableException($"The server at {address} is not a {kind.Name}. Check the address.");
            }

            if (channel != _channel)
                channel.Dispose();
        }

        throw Unreachable(failures);
    }

    public void Dispose() => _channel?.Dispose();

    private static bool IsLost(RpcException exception) =>
        exception.StatusCode != StatusCode.Cancelled && exception.Status.DebugException is HttpRequestException or IOException;

    private static bool IsStranger(RpcException exception) => exception.StatusCode == StatusCode.Unimplemented;

    private ServerUnreachableException Unreachable(List<(GrpcAddress Address, string Reason)> failures)
    {
        string where = string.Join(", nor at ", failures.Select(failure => $"{failure.Address} ({failure.Reason})"));
        string check = failures.Exists(failure => failure.Reason == ConnectFailure.PermissionDenied)
            ? "Use sudo: the socket is not open to you."
            : $"Is the {kind.Name} running? Start it with: {kind.StartCommand(failures[^1].Address)}";
        return new ServerUnreachableException($"No {kind.Name} answers at {where}.\n{check}");
    }
}

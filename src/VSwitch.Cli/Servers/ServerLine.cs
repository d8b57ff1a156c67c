using System.Net.Sockets;
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
            catch (RpcException exception) when (IsUnconnected(exception))
            {
                failures.Add((address, Reason(address, exception)));
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

    // Nothing was sent, so the call can be made again without asking what it did.
    private static bool IsUnconnected(RpcException exception) =>
        exception.Status.DebugException is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError,
        };

    private static bool IsLost(RpcException exception) =>
        exception.StatusCode != StatusCode.Cancelled && exception.Status.DebugException is HttpRequestException or IOException;

    private static bool IsStranger(RpcException exception) => exception.StatusCode == StatusCode.Unimplemented;

    private static string Reason(GrpcAddress address, RpcException exception)
    {
        Exception cause = exception.Status.DebugException!.GetBaseException();
        SocketError? error = (cause as SocketException)?.SocketErrorCode;
        return error switch
        {
            SocketError.AccessDenied => "permission denied",
            _ when address.SocketPath is { } path && !File.Exists(path) => "there is no such socket",
            SocketError.ConnectionRefused when address.SocketPath is not null => "nothing listens on this socket",
            SocketError.ConnectionRefused => "connection refused",
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "there is no host of this name",
            SocketError.HostUnreachable or SocketError.NetworkUnreachable => "there is no route to this host",
            _ when cause is TimeoutException or OperationCanceledException => "no answer within 10 seconds",
            _ => cause.Message.TrimEnd('.'),
        };
    }

    private ServerUnreachableException Unreachable(List<(GrpcAddress Address, string Reason)> failures)
    {
        string where = string.Join(", nor at ", failures.Select(failure => $"{failure.Address} ({failure.Reason})"));
        string check = failures.Exists(failure => failure.Reason == "permission denied")
            ? "Use sudo: the socket is not open to you."
            : $"Is the {kind.Name} running? Start it with: {kind.StartCommand(failures[^1].Address)}";
        return new ServerUnreachableException($"No {kind.Name} answers at {where}.\n{check}");
    }
}

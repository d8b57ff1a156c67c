using System.Net.Sockets;
using Grpc.Core;

namespace VSwitch.Grpc;

/// <summary>Calls that found no server, and why, in words for people.</summary>
public static class ConnectFailure
{
    public const string PermissionDenied = "permission denied";

    /// <summary>Whether a call failed for want of a connection: nothing was sent, so it can be made again without asking what it did.</summary>
    public static bool Is(RpcException exception) =>
        exception.Status.DebugException is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError,
        };

    /// <summary>Why there is no connection to an address.</summary>
    /// <param name="address">Where the server was looked for.</param>
    /// <param name="exception">One that <see cref="Is"/> is true of.</param>
    public static string Reason(GrpcAddress address, RpcException exception)
    {
        Exception cause = exception.Status.DebugException!.GetBaseException();
        SocketError? error = (cause as SocketException)?.SocketErrorCode;
        return error switch
        {
            SocketError.AccessDenied => PermissionDenied,
            _ when address.SocketPath is { } path && !File.Exists(path) => "there is no such socket",
            SocketError.ConnectionRefused when address.SocketPath is not null => "nothing listens on this socket",
            SocketError.ConnectionRefused => "connection refused",
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "there is no host of this name",
            SocketError.HostUnreachable or SocketError.NetworkUnreachable => "there is no route to this host",
            _ when cause is TimeoutException or OperationCanceledException => "no answer within 10 seconds",
            _ => cause.Message.TrimEnd('.'),
        };
    }
}

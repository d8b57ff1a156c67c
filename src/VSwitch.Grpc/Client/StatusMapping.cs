using System.Net;
using Grpc.Core;

namespace VSwitch.Grpc.Client;

/// <summary>The status of a call that ended without one.</summary>
internal static class StatusMapping
{
    /// <summary>From an HTTP status. Source: http-grpc-status-mapping.md.</summary>
    public static StatusCode FromHttp(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => StatusCode.Internal,
        HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
        HttpStatusCode.NotFound => StatusCode.Unimplemented,
        HttpStatusCode.TooManyRequests
            or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable
            or HttpStatusCode.GatewayTimeout => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };

    // What tells a reset stream from a broken connection: both are HttpProtocolExceptions, and only the message differs.
    private const string StreamResetMessage = "reset the stream";

    /// <summary>From the error code of RST_STREAM (RFC 9113, section 7). Source: PROTOCOL-HTTP2, Errors.</summary>
    public static StatusCode FromHttp2(long error) => error switch
    {
        0x7 => StatusCode.Unavailable, // REFUSED_STREAM: the server has not looked at the call.
        0x8 => StatusCode.Cancelled, // CANCEL
        0xb => StatusCode.ResourceExhausted, // ENHANCE_YOUR_CALM
        0xc => StatusCode.PermissionDenied, // INADEQUATE_SECURITY
        _ => StatusCode.Internal,
    };

    /// <summary>
    /// From whatever the transport threw. A fault that has a status of its own keeps it; a connection that failed, broke or does not
    /// answer pings is unavailable.
    /// </summary>
    public static Status FromException(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case RpcException rpc:
                    return rpc.Status;
                case HttpProtocolException protocol when protocol.Message.Contains(StreamResetMessage, StringComparison.Ordinal):
                    return new Status(FromHttp2(protocol.ErrorCode), protocol.Message, exception);
                case FormatException:
                    return new Status(StatusCode.Internal, $"The response is malformed. {cause.Message}", exception);
                case TimeoutException:
                    return new Status(StatusCode.Unavailable, $"The server does not answer. {cause.Message}", exception);
            }
        }

        if (exception.GetBaseException() is HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded })
            return new Status(StatusCode.Unavailable, "The server closed the connection.", exception);
        return exception is HttpRequestException or IOException
            ? new Status(StatusCode.Unavailable, $"The server cannot be reached. {exception.GetBaseException().Message}", exception)
            : new Status(StatusCode.Internal, $"The call failed. {exception.Message}", exception);
    }
}

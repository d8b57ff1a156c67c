using Microsoft.AspNetCore.Http;
using VSwitch.Grpc.Wire;

namespace VSwitch.Grpc.Server;

/// <summary>What a request must be before a gRPC status can answer it.</summary>
internal static class RequestCheck
{
    /// <summary>
    /// Whether the request is gRPC over HTTP/2. If it is not, the response says so in HTTP's own terms: 415 for another content type
    /// (PROTOCOL-HTTP2, Content-Type), 426 for a version of HTTP that has no trailers to carry a status.
    /// </summary>
    public static bool Accepts(HttpContext http)
    {
        if (!ContentType.IsGrpc(http.Request.ContentType))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return false;
        }

        if (!HttpProtocol.IsHttp2(http.Request.Protocol))
        {
            http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            http.Response.Headers.Upgrade = "HTTP/2";
            return false;
        }

        http.Response.ContentType = ContentType.Grpc;
        http.Response.Headers[HeaderNames.AcceptEncoding] = Gzip.Accepted;
        return true;
    }
}

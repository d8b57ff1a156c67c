using System.Collections.Frozen;

namespace VSwitch.Grpc.Wire;

/// <summary>The headers that belong to the protocol. Source: PROTOCOL-HTTP2, Requests and Responses.</summary>
internal static class HeaderNames
{
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string Timeout = "grpc-timeout";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";

    /// <summary>Metadata by which a client asks its own runtime to compress the requests; it never travels.</summary>
    public const string EncodingRequest = "grpc-internal-encoding-request";

    public const string ContentType = "content-type";
    public const string UserAgent = "user-agent";
    public const string TE = "te";

    private static readonly FrozenSet<string> Reserved = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        Status, Message, Timeout, Encoding, AcceptEncoding, EncodingRequest, ContentType, TE,
        "host", "accept-encoding", "content-length", "connection", "transfer-encoding", "trailer", "date", "server");

    /// <summary>Whether the header is the protocol's own, so that it is not metadata in either direction.</summary>
    public static bool IsReserved(string name) => name.StartsWith(':') || Reserved.Contains(name);
}

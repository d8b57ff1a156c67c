using System.Net;
using Grpc.Core;
using VSwitch.Grpc.Wire;

namespace VSwitch.Grpc.Client;

/// <summary>The request that opens a call. Source: PROTOCOL-HTTP2, Requests.</summary>
internal static class RequestHead
{
    private const string UserAgent = "grpc-csharp-vswitch/1.0";

    /// <summary>
    /// Makes the request and tells how long the call may take. Throws <see cref="InvalidOperationException"/> for a deadline that is
    /// not in UTC or a compression that is not spoken.
    /// </summary>
    public static HttpRequestMessage Create(
        Uri address, IMethod method, string? host, CallOptions options, HttpContent content, out TimeSpan? timeout)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, method.FullName))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.Host = host;
        request.Headers.TryAddWithoutValidation(HeaderNames.TE, "trailers");
        request.Headers.TryAddWithoutValidation(HeaderNames.UserAgent, UserAgent);
        request.Headers.TryAddWithoutValidation(HeaderNames.AcceptEncoding, Gzip.Accepted);
        if (Compresses(options))
        {
            request.Headers.TryAddWithoutValidation(HeaderNames.Encoding, Gzip.Name);
        }

        timeout = TimeoutOf(options.Deadline);
        if (timeout is not null)
        {
            request.Headers.TryAddWithoutValidation(HeaderNames.Timeout, TimeoutHeader.Format(timeout.Value));
        }

        foreach (Metadata.Entry entry in options.Headers ?? Metadata.Empty)
        {
            if (!HeaderNames.IsReserved(entry.Key))
            {
                request.Headers.TryAddWithoutValidation(entry.Key, MetadataHeader.Format(entry));
            }
        }

        return request;
    }

    /// <summary>Whether the caller asked for compressed requests, in metadata as the official runtime has it.</summary>
    public static bool Compresses(CallOptions options) => options.Headers?.GetValue(HeaderNames.EncodingRequest) switch
    {
        null or Gzip.Identity => false,
        Gzip.Name => true,
        var other => throw new InvalidOperationException($"The compression '{other}' is not supported."),
    };

    private static TimeSpan? TimeoutOf(DateTime? deadline) => deadline switch
    {
        null => null,
        { } never when never == DateTime.MaxValue => null,
        { Kind: DateTimeKind.Utc } utc => utc - DateTime.UtcNow,
        { } past when past == DateTime.MinValue => TimeSpan.Zero,
        _ => throw new InvalidOperationException("A deadline must be in UTC."),
    };
}

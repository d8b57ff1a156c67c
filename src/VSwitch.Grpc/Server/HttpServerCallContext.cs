using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using VSwitch.Grpc.Wire;

namespace VSwitch.Grpc.Server;

/// <summary>A call's context as its HTTP request tells it. Metadata is decoded when a handler asks for it.</summary>
internal sealed class HttpServerCallContext(HttpContext http, string method, CallLifetime lifetime) : ServerCallContext
{
    private Metadata? _requestHeaders;
    private Metadata? _responseTrailers;

    public HttpContext Http { get; } = http;

    /// <summary>The trailers so far, without making any.</summary>
    public Metadata TrailersOrEmpty => _responseTrailers ?? Metadata.Empty;

    protected override string MethodCore => method;

    protected override string HostCore => Http.Request.Host.Value ?? "";

    protected override string PeerCore => Http.Connection.RemoteIpAddress switch
    {
        { AddressFamily: AddressFamily.InterNetworkV6 } address => $"ipv6:{new IPEndPoint(address, Http.Connection.RemotePort)}",
        { } address => $"ipv4:{new IPEndPoint(address, Http.Connection.RemotePort)}",
        null => "unix:",
    };

    protected override DateTime DeadlineCore => lifetime.Deadline;

    protected override Metadata RequestHeadersCore => _requestHeaders ??= ReadRequestHeaders();

    protected override CancellationToken CancellationTokenCore => lifetime.Token;

    protected override Metadata ResponseTrailersCore => _responseTrailers ??= [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override async Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        if (Http.Response.HasStarted)
        {
            throw new InvalidOperationException("The response's headers have been sent.");
        }

        StatusTrailers.WriteMetadata(Http.Response.Headers, responseHeaders);
        await Http.Response.BodyWriter.FlushAsync(lifetime.Token);
    }

    private Metadata ReadRequestHeaders()
    {
        var metadata = new Metadata();
        foreach ((string name, var values) in Http.Request.Headers.Where(header => !HeaderNames.IsReserved(header.Key)))
        {
            foreach (string? value in values)
            {
                try
                {
                    MetadataHeader.AddTo(metadata, name, value ?? "");
                }
                catch (FormatException e)
                {
                    throw new RpcException(new Status(StatusCode.Internal, $"The request's header '{name}' is malformed.", e));
                }
            }
        }

        return metadata;
    }
}

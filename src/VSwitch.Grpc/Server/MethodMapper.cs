using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace VSwitch.Grpc.Server;

/// <summary>Puts methods on paths: the one object per server that knows its options and its log.</summary>
internal sealed class MethodMapper(IOptions<GrpcServiceOptions> options, ILoggerFactory loggers)
{
    private readonly ILogger _log = loggers.CreateLogger("Grpc.AspNetCore.Server");
    private bool _mapsUnknownMethods;

    /// <summary>Serves one method.</summary>
    public IEndpointConventionBuilder Map<TRequest, TResponse>(
        IEndpointRouteBuilder endpoints, Method<TRequest, TResponse> method, Func<ServerCall<TRequest, TResponse>, Task> handler)
        where TRequest : class
        where TResponse : class
    {
        MapUnknownMethods(endpoints);
        return endpoints
            .MapPost(method.FullName, (RequestDelegate)(http => ServeAsync(http, method, handler)))
            .WithDisplayName($"gRPC - {method.FullName}");
    }

    private async Task ServeAsync<TRequest, TResponse>(
        HttpContext http, Method<TRequest, TResponse> method, Func<ServerCall<TRequest, TResponse>, Task> handler)
        where TRequest : class
        where TResponse : class
    {
        if (RequestCheck.Accepts(http))
        {
            using var call = new ServerCall<TRequest, TResponse>(http, method, options.Value, _log);
            await call.RunAsync(handler);
        }
    }

    // Any other path of two parts is a method that this server does not have, which is a gRPC status and not HTTP's 404.
    private void MapUnknownMethods(IEndpointRouteBuilder endpoints)
    {
        if (_mapsUnknownMethods)
        {
            return;
        }

        _mapsUnknownMethods = true;
        endpoints
            .MapPost("{service}/{method}", (RequestDelegate)(http =>
            {
                if (RequestCheck.Accepts(http))
                {
                    var status = new Status(StatusCode.Unimplemented, $"The server has no method {http.Request.Path}.");
                    StatusTrailers.Write(http.Response.Headers, status, Metadata.Empty);
                }

                return Task.CompletedTask;
            }))
            .Add(endpoint => ((RouteEndpointBuilder)endpoint).Order = int.MaxValue);
    }
}

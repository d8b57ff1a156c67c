using Microsoft.AspNetCore.Http;
using VSwitch.Grpc.Server;

namespace Grpc.Core;

/// <summary>Leads from a gRPC call to the HTTP request that carries it.</summary>
public static class ServerCallContextExtensions
{
    /// <summary>
    /// The call's HTTP context, which knows the connection and its client certificate. Throws <see cref="InvalidOperationException"/>
    /// for a context that did not come from a server.
    /// </summary>
    public static HttpContext GetHttpContext(this ServerCallContext serverCallContext) =>
        serverCallContext is HttpServerCallContext context
            ? context.Http
            : throw new InvalidOperationException("This call did not come over HTTP.");
}

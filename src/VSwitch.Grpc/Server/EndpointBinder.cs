using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace VSwitch.Grpc.Server;

/// <summary>Gives every method of a service its path, and its handler the shape that all kinds of method share.</summary>
internal sealed class EndpointBinder(IEndpointRouteBuilder endpoints, MethodMapper mapper) : ServiceBinderBase
{
    private readonly List<IEndpointConventionBuilder> _conventions = [];

    /// <summary>The endpoints that were made, for conventions to apply to.</summary>
    public IReadOnlyList<IEndpointConventionBuilder> Conventions => _conventions;

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
        Map(method, async call =>
        {
            TRequest request = await call.ReadSingleRequestAsync();
            await call.WriteSingleResponseAsync(await handler!(request, call.Context));
        });

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
        Map(method, async call => await call.WriteSingleResponseAsync(await handler!(call.Requests, call.Context)));

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
        Map(method, async call => await handler!(await call.ReadSingleRequestAsync(), call.Responses, call.Context));

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
        Map(method, call => handler!(call.Requests, call.Responses, call.Context));

    private void Map<TRequest, TResponse>(Method<TRequest, TResponse> method, Func<ServerCall<TRequest, TResponse>, Task> handler)
        where TRequest : class
        where TResponse : class => _conventions.Add(mapper.Map(endpoints, method, handler));
}

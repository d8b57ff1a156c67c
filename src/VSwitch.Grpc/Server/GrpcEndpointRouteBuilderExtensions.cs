using System.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using VSwitch.Grpc.Server;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Serves gRPC services on a web application's paths.</summary>
public static class GrpcEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Serves a service type. Every call gets the instance that is registered for the type, or else a new one, disposed after the
    /// call. Throws <see cref="InvalidOperationException"/> if no generated code stands behind the type or AddGrpc was not called.
    /// </summary>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService<TService>(this IEndpointRouteBuilder builder)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        BindServiceMethodAttribute binding = typeof(TService).GetCustomAttribute<BindServiceMethodAttribute>(inherit: true)
            ?? throw new InvalidOperationException($"{typeof(TService)} does not derive from a generated service base class.");

        // The generated BindService(ServiceBinderBase, TBase) names the methods; a null instance means that no handler comes with them.
        MethodInfo bind = binding.BindType
            .GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Single(method => string.Equals(method.Name, binding.BindMethodName, StringComparison.Ordinal)
                && method.GetParameters() is [{ } binder, _] && binder.ParameterType == typeof(ServiceBinderBase));
        var endpoints = new EndpointBinder(builder, Mapper(builder));
        bind.Invoke(null, [new ServiceTypeBinder<TService>(endpoints), null]);
        return new GrpcServiceEndpointConventionBuilder(endpoints.Conventions);
    }

    /// <summary>Serves the handlers of a definition, such as that of a service instance made by a generated BindService.</summary>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService(
        this IEndpointRouteBuilder builder, ServerServiceDefinition serviceDefinition)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(serviceDefinition);
        var endpoints = new EndpointBinder(builder, Mapper(builder));
        serviceDefinition.BindService(endpoints);
        return new GrpcServiceEndpointConventionBuilder(endpoints.Conventions);
    }

    private static MethodMapper Mapper(IEndpointRouteBuilder builder) =>
        builder.ServiceProvider.GetService<MethodMapper>()
        ?? throw new InvalidOperationException("services.AddGrpc() must be called before a gRPC service is mapped.");
}

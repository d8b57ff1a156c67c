using Grpc.AspNetCore.Server;
using VSwitch.Grpc.Server;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>What <see cref="GrpcServicesExtensions.AddGrpc(IServiceCollection)"/> returns.</summary>
public interface IGrpcServerBuilder
{
    /// <summary>The services that gRPC was added to.</summary>
    IServiceCollection Services { get; }
}

/// <summary>Adds gRPC to a server.</summary>
public static class GrpcServicesExtensions
{
    /// <summary>Adds what mapped services need.</summary>
    public static IGrpcServerBuilder AddGrpc(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddRouting();
        services.AddOptions();
        services.AddSingleton<MethodMapper>();
        return new GrpcServerBuilder(services);
    }

    /// <summary>Adds what mapped services need, with options.</summary>
    public static IGrpcServerBuilder AddGrpc(this IServiceCollection services, Action<GrpcServiceOptions> configureOptions) =>
        services.Configure(configureOptions).AddGrpc();

    private sealed record GrpcServerBuilder(IServiceCollection Services) : IGrpcServerBuilder;
}

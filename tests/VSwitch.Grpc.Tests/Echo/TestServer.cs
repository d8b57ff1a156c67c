using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace VSwitch.Grpc.Tests;

/// <summary>
/// A running server, of <see cref="EchoService"/> unless a test maps something else. It listens where the test says, or else on a free
/// TCP port and on a unix socket.
/// </summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestServer(WebApplication app, GrpcAddress socket)
    {
        _app = app;
        Socket = socket;
    }

    /// <summary>Where it listens on TCP.</summary>
    public GrpcAddress Tcp => GrpcAddress.Parse(new Uri(
        _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Single(address => !address.Contains("unix", StringComparison.Ordinal))).Authority);

    /// <summary>Where it listens on a unix socket.</summary>
    public GrpcAddress Socket { get; }

    public static async Task<TestServer> StartAsync(
        Action<GrpcServiceOptions>? options = null,
        Action<ListenOptions>? listen = null,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? map = null,
        GrpcAddress? address = null)
    {
        GrpcAddress socket = GrpcAddress.Parse($"unix:{Path.GetTempPath()}vswitch-grpc-{Guid.NewGuid()}.sock");
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _ = address is null
            ? builder.WebHost.ListenGrpc(GrpcAddress.Parse("127.0.0.1:0"), listen).ListenGrpc(socket)
            : builder.WebHost.ListenGrpc(address, listen);
        builder.Services.AddGrpc(options ?? (_ => { }));
        services?.Invoke(builder.Services);
        var server = new TestServer(builder.Build(), socket);
        try
        {
            (map ?? (endpoints => endpoints.MapGrpcService<EchoService>()))(server._app);
            await server._app.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Serves one method with the test's own handler.</summary>
    public static Task<TestServer> StartAsync<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        UnaryServerMethod<TRequest, TResponse> handler,
        Action<GrpcServiceOptions>? options = null,
        Action<ListenOptions>? listen = null)
        where TRequest : class
        where TResponse : class =>
        StartAsync(options, listen, map: Map(ServerServiceDefinition.CreateBuilder().AddMethod(method, handler)));

    /// <summary>Serves one method with the test's own handler.</summary>
    public static Task<TestServer> StartAsync<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class => StartAsync(map: Map(ServerServiceDefinition.CreateBuilder().AddMethod(method, handler)));

    public GrpcChannel CreateChannel() => GrpcChannels.Create(Tcp);

    public async ValueTask DisposeAsync()
    {
        // Calls that hang on purpose are not worth waiting for.
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private static Action<WebApplication> Map(ServerServiceDefinition.Builder methods) => app => app.MapGrpcService(methods.Build());
}

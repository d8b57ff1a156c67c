using Grpc.AspNetCore.Server;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VSwitch.Grpc.Tests.Protos;

namespace VSwitch.Grpc.Tests;

/// <summary>A running server of <see cref="EchoService"/>, on a free TCP port and on a unix socket of its own.</summary>
public sealed class EchoServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DirectoryInfo _folder;

    private EchoServer(WebApplication app, DirectoryInfo folder, GrpcAddress socket)
    {
        _app = app;
        _folder = folder;
        Socket = socket;
        string url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Single(address => !address.Contains("unix", StringComparison.Ordinal));
        Tcp = GrpcAddress.Parse(new Uri(url).Authority);
    }

    /// <summary>Where it listens on TCP.</summary>
    public GrpcAddress Tcp { get; }

    /// <summary>Where it listens on a unix socket.</summary>
    public GrpcAddress Socket { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<EchoServer> StartAsync(
        Action<GrpcServiceOptions>? options = null,
        Action<ListenOptions>? listen = null,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? map = null)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("vswitch-grpc-");
        GrpcAddress socket = GrpcAddress.Parse($"unix:{folder.FullName}/echo.sock");
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ListenGrpc(GrpcAddress.Parse("127.0.0.1:0"), listen).ListenGrpc(socket);
        builder.Services.AddGrpc(options ?? (_ => { }));
        services?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        (map ?? (endpoints => endpoints.MapGrpcService<EchoService>()))(app);
        await app.StartAsync();
        return new EchoServer(app, folder, socket);
    }

    public GrpcChannel CreateChannel() => GrpcChannels.Create(Tcp);

    public async ValueTask DisposeAsync()
    {
        // Calls that hang on purpose are not worth waiting for.
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}

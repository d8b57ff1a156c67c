using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VSwitch.Grpc;
using VSwitch.Hosting;

namespace VSwitch.Vsm;

/// <summary>Puts the program together: store, configuration, supervisor and the two services at every address.</summary>
public static class VsmHost
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Makes the host; it listens once it is started.</summary>
    /// <param name="options">How to run.</param>
    /// <param name="store">Where the configuration is kept; the caller disposes it after the host.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="StoreException">The store holds what this version does not understand.</exception>
    public static WebApplication Build(VsmOptions options, IConfigStore store, TimeProvider time)
    {
        var grammar = new Grammar();
        var configuration = new RunningConfiguration(new ConfigurationText(grammar), store);

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        foreach (GrpcAddress address in options.Listen)
            builder.WebHost.ListenGrpc(address);
        ProgramLog.AddTo(builder.Logging);
        builder.Host.UseConsoleLifetime(lifetime => lifetime.SuppressStatusMessages = true);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = GrpcChannels.MessageBytesMax);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(grammar);
        builder.Services.AddSingleton(configuration);
        builder.Services.AddSingleton<Supervisor>();
        builder.Services.AddHostedService<RateMeter>();
        builder.Services.AddSingleton<ManagementService>();
        builder.Services.AddSingleton<VemControlService>();

        WebApplication application = builder.Build();
        application.MapGrpcService<ManagementService>();
        application.MapGrpcService<VemControlService>();
        return application;
    }
}

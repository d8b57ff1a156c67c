using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VSwitch.Forwarding;
using VSwitch.Grpc;
using VSwitch.Hosting;

namespace VSwitch.Vem;

/// <summary>Puts the program together: the switch, what controls it, the line to the VSM and the VEM's own socket.</summary>
internal static class VemHost
{
    /// <summary>Who may configure the host's network may use the socket: root and its group.</summary>
    private const UnixFileMode SocketMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>Makes the host; it listens, and dials the VSM, once it is started.</summary>
    public static WebApplication Build(VemOptions options, VemIdentity identity)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        ProgramLog.AddTo(builder.Logging);
        builder.WebHost.ListenGrpc(GrpcAddress.Parse("unix:" + options.Socket), socketMode: SocketMode);
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(identity);
        builder.Services.AddSingleton(services => new VemStateStore(options.State, services.GetRequiredService<ILogger<VemStateStore>>()));
        builder.Services.AddSingleton(new Switch(options.Cpus, options.IsBusy));
        builder.Services.AddSingleton<CardInfo>();
        builder.Services.AddSingleton<ControlLoop>();
        builder.Services.AddSingleton<VemControl>();
        builder.Services.AddSingleton<VemCommands>();
        builder.Services.AddSingleton<VemAnswers>();
        builder.Services.AddSingleton<VsmSession>();
        builder.Services.AddHostedService(services => services.GetRequiredService<VsmSession>());
        builder.Services.AddHostedService<Housekeeping>();
        WebApplication app = builder.Build();
        app.MapGrpcService<LocalVemService>();
        return app;
    }
}

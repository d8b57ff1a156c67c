using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VSwitch.Forwarding;
using VSwitch.Grpc;
using VSwitch.Hosting;
using VSwitch.Linux;
using VSwitch.Vem;

const int ExitFailure = 1;
const int ExitUsage = 2;

// Who may configure the host's network may use the socket: root and its group.
const UnixFileMode SocketMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(VemOptions.Usage);
    return 0;
}

try
{
    NativeHeap.GiveBackFreeMemory();
    VemOptions options = VemOptions.Parse(args, Environment.GetEnvironmentVariable);
    using var folder = StateFolder.Claim(options.State);
    // A worker shares its processor with nothing of ours: what the control side does there would be a pause of the traffic.
    Affinity.KeepProcessOff(options.Cpus.Where(cpu => cpu >= 0));
    WebApplication app = Build(options, VemIdentity.LoadOrCreate(options.State));
    using Switch owner = app.Services.GetRequiredService<Switch>();
    using ControlLoop loop = app.Services.GetRequiredService<ControlLoop>();
    await loop.Invoke(() => app.Services.GetRequiredService<VemControl>().Restore(options.Uplinks));
    await app.StartAsync();
    ServiceManager.Notify("READY=1");
    await ((IHost)app).WaitForShutdownAsync();
    string? failure = app.Services.GetRequiredService<VsmSession>().Failure;
    await app.DisposeAsync();
    return failure is null ? 0 : throw new IOException(failure);
}
catch (UsageException exception)
{
    await Console.Error.WriteLineAsync($"vem: {exception.Message}\nTry 'vem --help'.");
    return ExitUsage;
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or SocketException)
{
    await Console.Error.WriteLineAsync($"vem: {exception.Message}");
    return ExitFailure;
}

static WebApplication Build(VemOptions options, VemIdentity identity)
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

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VSwitch.Forwarding;
using VSwitch.Vem;

const int ExitFailure = 1;
const int ExitUsage = 2;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(VemOptions.Usage);
    return 0;
}

try
{
    VemOptions options = VemOptions.Parse(args, Environment.GetEnvironmentVariable);
    using var folder = StateFolder.Claim(options.State);
    LocalSocket.Prepare(options.Socket);
    WebApplication app = Build(options, VemIdentity.LoadOrCreate(options.State));
    using Switch owner = app.Services.GetRequiredService<Switch>();
    using ControlLoop loop = app.Services.GetRequiredService<ControlLoop>();
    await loop.Invoke(() => app.Services.GetRequiredService<VemControl>().Restore(options.Uplinks));
    await app.StartAsync();
    LocalSocket.Restrict(options.Socket);
    ServiceManager.NotifyReady();
    await app.WaitForShutdownAsync();
    await app.DisposeAsync();
    return 0;
}
catch (UsageException exception)
{
    await Console.Error.WriteLineAsync($"vem: {exception.Message}\nTry 'vem --help'.");
    return ExitUsage;
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
{
    await Console.Error.WriteLineAsync($"vem: {exception.Message}");
    return ExitFailure;
}

static WebApplication Build(VemOptions options, VemIdentity identity)
{
    WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
    builder.Logging.ClearProviders();
    builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
    builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
    builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(options.Socket, listen => listen.Protocols = HttpProtocols.Http2));
    builder.Services.AddGrpc();
    builder.Services.AddSingleton(options);
    builder.Services.AddSingleton(identity);
    builder.Services.AddSingleton(new VemStateStore(options.State));
    builder.Services.AddSingleton(new Switch(options.Cpus));
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

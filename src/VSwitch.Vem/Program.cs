using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VSwitch.Forwarding;
using VSwitch.Hosting;
using VSwitch.Linux;
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
    NativeHeap.GiveBackFreeMemory();
    VemOptions options = VemOptions.Parse(args, Environment.GetEnvironmentVariable);
    using var folder = StateFolder.Claim(options.State);
    using WakeLatency? latency = options.LatencyMicroseconds is int microseconds ? new WakeLatency(microseconds) : null;
    // A worker shares its processor with nothing of ours: what the control side does there would be a pause of the traffic.
    Affinity.KeepProcessOff(options.Cpus.Where(cpu => cpu >= 0));
    WebApplication app = VemHost.Build(options, VemIdentity.LoadOrCreate(options.State));
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
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or SocketException or LinuxException)
{
    await Console.Error.WriteLineAsync($"vem: {exception.Message}");
    return ExitFailure;
}

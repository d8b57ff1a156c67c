using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using VSwitch.Grpc;
using VSwitch.Hosting;
using VSwitch.Vsm;

const int Success = 0;
const int Failure = 1;
const int BadUsage = 2;

if (args.Contains("--help"))
{
    Console.Write(VsmOptions.Usage);
    return Success;
}

try
{
    var options = VsmOptions.Parse(args, Environment.GetEnvironmentVariable);
    using var store = SqliteConfigStore.Open(options.StateDirectory);
    await using WebApplication application = VsmHost.Build(options, store, TimeProvider.System);
    await application.StartAsync();
    ServiceManager.Notify("READY=1");
    await application.WaitForShutdownAsync();
    return Success;
}
catch (UsageException e)
{
    Console.Error.WriteLine($"vsm: {e.Message}");
    return BadUsage;
}
catch (Exception e) when (e is StoreException or IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException)
{
    Console.Error.WriteLine($"vsm: {e.Message}");
    return Failure;
}

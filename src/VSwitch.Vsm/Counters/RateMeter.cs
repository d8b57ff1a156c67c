using Microsoft.Extensions.Hosting;
using VSwitch.Policy;
using VSwitch.Protocol;

namespace VSwitch.Vsm;

/// <summary>Reads the modules' counters every ten seconds, for the rates of interfaces.</summary>
public sealed class RateMeter(Supervisor supervisor, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        long start = time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var counters = new CounterTable(await ModuleAnswers.AskAsync(supervisor.Modules.Connected, CounterTable.Question));
            TimeSpan now = time.GetElapsedTime(start);
            foreach ((InterfaceId id, InterfaceCounters counted) in counters.Interfaces)
                supervisor.Rates.Read(id, counted, now);
        }
    }
}

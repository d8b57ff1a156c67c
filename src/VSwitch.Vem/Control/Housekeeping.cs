using Microsoft.Extensions.Hosting;
using VSwitch.Linux;

namespace VSwitch.Vem;

/// <summary>
/// What has to be done now and then: age addresses, look after netdevs, save what could not be saved. The kernel says at once
/// when a netdev of this namespace changes; those in other namespaces are looked at every <see cref="RefreshTicks"/> seconds, and
/// whether a VM is at the other end of a socket every second.
/// </summary>
internal sealed class Housekeeping(ControlLoop loop, VemControl control) : BackgroundService
{
    private const int RefreshTicks = 5;
    private const int WaitMilliseconds = 500;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private int _tick;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var watcher = new Thread(() => WatchLinks(stoppingToken)) { Name = "links", IsBackground = true };
        watcher.Start();
        using var timer = new PeriodicTimer(Period);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await loop.Invoke(Tick);
    }

    private void Tick()
    {
        control.Age();
        control.CloseLostPorts();
        if (++_tick % RefreshTicks == 0)
            control.RefreshLinks();
        else
            control.NoteLinks();
        control.SaveAgain();
    }

    private void WatchLinks(CancellationToken stoppingToken)
    {
        using var monitor = new LinkMonitor();
        using var epoll = new Epoll();
        epoll.Add(monitor.Handle, 0);
        Span<ulong> ready = stackalloc ulong[Epoll.EventCountMax];
        var changes = new List<LinkChange>();
        while (!stoppingToken.IsCancellationRequested)
        {
            if (epoll.Wait(ready, WaitMilliseconds) == 0)
                continue;
            changes.Clear();
            bool complete = monitor.Read(changes);
            string?[] devices = complete ? [.. changes.Select(change => change.Link.Name).Distinct()] : [null];
            foreach (string? device in devices)
                loop.Post(() => control.RefreshLinks(device));
        }
    }
}

using Microsoft.Extensions.Hosting;

namespace VSwitch.Vem;

/// <summary>
/// What has to be done now and then: age addresses, adjust ports to the load, look after netdevs, save what could not be saved. The
/// kernel says at once when a netdev changes. What nobody is told is looked at every <see cref="RefreshTicks"/> seconds: counters,
/// namespaces that were deleted, and netdevs that may be back in one. Whether a VM is at the other end of a socket is looked at every second.
/// </summary>
internal sealed class Housekeeping(ControlLoop loop, VemControl control) : BackgroundService
{
    private const int RefreshTicks = 5;
    private const int WaitMilliseconds = 500;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly LinkWatch _links = new();
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
        control.AdjustToLoad();
        control.CloseLostPorts();
        if (++_tick % RefreshTicks == 0)
            control.RefreshLinks();
        else
            control.NoteLinks();
        FollowLinks();
        control.SaveAgain();
    }

    private void FollowLinks()
    {
        if (_links.Follow(control.OpenPorts))
            control.RefreshLinks();
    }

    private void WatchLinks(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // What is there to be read wakes this thread until it has been read.
            if (_links.Wait(WaitMilliseconds))
                Task.WaitAny([loop.Invoke(HearOfLinks)], CancellationToken.None);
        }
        loop.Post(_links.Dispose);
    }

    private void HearOfLinks()
    {
        if (_links.Read() is not { } devices)
            control.RefreshLinks();
        else
        {
            foreach (string device in devices)
                control.RefreshLinks(device);
        }
        FollowLinks();
    }
}

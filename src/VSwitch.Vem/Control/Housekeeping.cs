using Microsoft.Extensions.Hosting;
using VSwitch.Protocol;

namespace VSwitch.Vem;

/// <summary>What has to be done now and then: look after netdevs, age addresses, tell the VSM about links.</summary>
internal sealed class Housekeeping(ControlLoop loop, VemControl control, VsmSession session) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await loop.Invoke(Tick);
    }

    private void Tick()
    {
        control.Age();
        foreach (VemPort port in control.RefreshLinks())
        {
            Attachment attachment = port.Attachment;
            session.TrySend(new VemMessage { Link = new LinkReport { Id = attachment.Id, Up = attachment.LinkUp, Reason = attachment.LinkReason } });
        }
    }
}

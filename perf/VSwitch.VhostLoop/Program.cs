using System.Globalization;
using VSwitch.Forwarding;
using VSwitch.Frames;
using VSwitch.Policy;
using VSwitch.Ports;
using VSwitch.Wire;

// A switch of vhost-user and TAP ports and nothing else, for front ends to be tried and measured on:
//   VSwitch.VhostLoop [--cpu N] [--seconds S] [--queues N] PORT...
// where PORT is a socket's path, client:PATH, or tap:NAME. It prints each port's state and rates once a second.
int cpu = -1;
int seconds = int.MaxValue;
int queues = 1;
var ports = new List<IPort>();
for (int i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--cpu":
            cpu = int.Parse(args[++i], CultureInfo.InvariantCulture);
            break;
        case "--seconds":
            seconds = int.Parse(args[++i], CultureInfo.InvariantCulture);
            break;
        case "--queues":
            queues = int.Parse(args[++i], CultureInfo.InvariantCulture);
            break;
        default:
            ports.Add(Open(args[i], queues));
            break;
    }
}

using var forwarding = new Switch([cpu]);
SwitchPort[] places = [.. ports.Select(port => forwarding.Add(port, isUplink: false))];
var policy = new PortPolicy { AdminUp = true, AccessVlan = 1 };
forwarding.Publish(places.Select(place => (place, policy)), [], VlanSet.All);

using var stop = new ManualResetEventSlim();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Set();
};
PortCounters[] before = [.. places.Select(place => place.ReadCounters())];
for (int second = 0; second < seconds && !stop.Wait(1000); second++)
{
    for (int i = 0; i < places.Length; i++)
    {
        PortCounters now = places[i].ReadCounters();
        PortCounters rate = places[i].ReadCounters();
        rate.Subtract(before[i]);
        before[i] = now;
        string drops = string.Concat(Enumerable.Range(1, DropReasons.Count - 1)
            .Where(reason => now.Drops((DropReason)reason) > 0)
            .Select(reason => $" {DropReasons.Name((DropReason)reason)}={now.Drops((DropReason)reason)}"));
        string closed = ports[i] is VhostUserPort { LastFault: not VhostUserFault.None } vhost ? " closed: " + vhost.CloseReason : "";
        Console.WriteLine($"{Path.GetFileName(ports[i].Name)} {(ports[i].IsLinkUp ? "up" : "down")} [{ports[i].Offloads}] "
            + $"in {rate.Received / 1e6:F3} Mpps, out {rate.Sent / 1e6:F3} Mpps {rate.SentBytes * 8 / 1e9:F2} Gbit/s{drops}{closed}");
    }
}

static IPort Open(string text, int queues) => text.Split(':', 2) switch
{
    ["tap", var name] => TapPort.Open(new TapOptions { Name = name }),
    ["client", var path] => VhostUserPort.Open(new VhostUserOptions { Path = path, IsClient = true, QueueCount = queues }),
    _ => VhostUserPort.Open(new VhostUserOptions { Path = text, QueueCount = queues }),
};

using System.Diagnostics;
using VSwitch.Forwarding;
using VSwitch.Wire;
using Switch = VSwitch.Forwarding.Switch;

namespace VSwitch.Offloads.Tests;

/// <summary>
/// A switch with one worker and two ports of every kind, one to send to it and one to receive from it, all with their default
/// settings. Each passage publishes a policy for its two ports; the others are blocked.
/// </summary>
public sealed class Fabric : IDisposable
{
    public static readonly string[] Kinds =
    [
        "tap", "packet on a veth", "packet on a VM's TAP", "packet on the TAP of a VM without offloads",
        "vhost-user", "vhost-user without offloads", "stream",
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromMilliseconds(100);

    private readonly TestNamespace _namespace = new();
    private readonly Switch _switch = new([-1]);
    private readonly Dictionary<string, Place> _senders = [];
    private readonly Dictionary<string, Place> _receivers = [];

    public Fabric()
    {
        foreach (string kind in Kinds)
        {
            _senders.Add(kind, Add(Open(kind, "in")));
            _receivers.Add(kind, Add(Open(kind, "out")));
        }
    }

    /// <summary>
    /// Sends a packet from one kind of port to another and returns all that came out. A marker before and one behind it say
    /// when it is through, so that a frame too many is seen like one that is missing.
    /// </summary>
    internal List<Delivery> Carry(string from, string to, Passage passage)
    {
        Place sender = _senders[from], receiver = _receivers[to];
        _switch.Publish([(sender.Port, passage.PolicyIn), (receiver.Port, passage.PolicyOut)], [], VlanSet.All);

        var begin = new Marker();
        AwaitReady(sender.End, receiver.End, begin, passage.TciIn);
        foreach (Delivery delivery in passage.Sent(sender.End.HasOffloads))
            sender.End.Send(delivery);

        var end = new Marker();
        sender.End.Send(end.Tagged(passage.TciIn));
        List<Delivery> received = [];
        Assert.True(ReceiveUntil(end, receiver.End, received, Patience), Explain(sender, receiver));
        received.RemoveAll(begin.Is);
        return received;
    }

    /// <summary>What has to come out.</summary>
    internal IEnumerable<Delivery> Expect(string from, string to, Passage passage) =>
        passage.Received(_senders[from].End.HasOffloads, _receivers[to].End.HasOffloads);

    public void Dispose()
    {
        foreach (Place place in _senders.Values.Concat(_receivers.Values))
            place.End.Dispose();
        _switch.Dispose();
        _namespace.Dispose();
    }

    private FarEnd Open(string kind, string name) => kind switch
    {
        "tap" => NetdevEnd.OfTap(_namespace, "tap-" + name),
        "packet on a veth" => NetdevEnd.OfCable(_namespace, "veth-" + name),
        "packet on a VM's TAP" => MachineEnd.Open(_namespace, "vm-" + name, hasOffloads: true),
        "packet on the TAP of a VM without offloads" => MachineEnd.Open(_namespace, "plain-" + name, hasOffloads: false),
        "vhost-user" => GuestEnd.Open(hasOffloads: true),
        "vhost-user without offloads" => GuestEnd.Open(hasOffloads: false),
        _ => StreamEnd.Open(),
    };

    private Place Add(FarEnd end)
    {
        SwitchPort port = _switch.Add(end.Port, isUplink: false);
        end.Connect();
        return new Place(end, port);
    }

    /// <summary>Repeats a marker until it comes out: the kernel throws away what comes before a netdev is ready.</summary>
    private static void AwaitReady(FarEnd sender, FarEnd receiver, Marker marker, int tci)
    {
        var waited = Stopwatch.StartNew();
        do
        {
            Assert.True(waited.Elapsed < Patience, "nothing passes");
            sender.Send(marker.Tagged(tci));
        }
        while (!ReceiveUntil(marker, receiver, [], RepeatAfter));
    }

    private static bool ReceiveUntil(Marker marker, FarEnd receiver, List<Delivery> received, TimeSpan patience)
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < patience)
        {
            received.AddRange(receiver.Take());
            if (received.RemoveAll(marker.Is) > 0)
                return true;
            Thread.Yield();
        }
        return false;
    }

    private static string Explain(Place sender, Place receiver) =>
        $"the end did not come: {Drops.Of(sender.Port)} in, {Drops.Of(receiver.Port)} out";

    /// <summary>A port's two sides.</summary>
    private sealed record Place(FarEnd End, SwitchPort Port);
}

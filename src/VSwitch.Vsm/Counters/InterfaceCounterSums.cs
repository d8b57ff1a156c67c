using VSwitch.Protocol;

namespace VSwitch.Vsm;

/// <summary>Sums over the counters of an interface.</summary>
public static class InterfaceCounterSums
{
    public static ulong Received(this InterfaceCounters counters) =>
        counters.ReceivedUnicast + counters.ReceivedMulticast + counters.ReceivedBroadcast;

    public static ulong Sent(this InterfaceCounters counters) => counters.SentUnicast + counters.SentMulticast + counters.SentBroadcast;

    /// <summary>Frames dropped on their way in or on their way out.</summary>
    public static ulong Dropped(this InterfaceCounters counters, bool egress) =>
        counters.Drops.Where(drop => drop.Egress == egress).Aggregate(0UL, (sum, drop) => sum + drop.Count);
}

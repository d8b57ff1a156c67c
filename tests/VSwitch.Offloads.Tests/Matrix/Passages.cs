using VSwitch.Frames;

namespace VSwitch.Offloads.Tests;

/// <summary>The columns of the matrix.</summary>
internal static class Passages
{
    /// <summary>The tag of VLAN 100 with priority 5, as a trunk's neighbour sends it.</summary>
    private const int PriorityTag = 0xA000 | Passage.Vlan;

    private static readonly Passage[] Untagged =
    [
        new("plain", Udp(bytes: 1000), Undone.Nothing),
        new("TCPv4 checksum", Tcp(bytes: 1001), Undone.Checksum),
        new("UDPv4 checksum", Udp(bytes: 999), Undone.Checksum),
        new("TCPv6 checksum", Tcp(bytes: 1000) with { IsV6 = true }, Undone.Checksum),
        new("UDPv6 checksum", Udp(bytes: 17) with { IsV6 = true }, Undone.Checksum),
        new("TSO v4", Tcp(bytes: 60_001), Undone.Segmentation),
        new("TSO v6", Tcp(bytes: 60_001) with { IsV6 = true }, Undone.Segmentation),
        new("TSO v4 with CWR", Tcp(bytes: 60_001, EgressPacket.Ack | EgressPacket.Cwr), Undone.Segmentation),
        new("USO v4", Udp(bytes: 60_001), Undone.Segmentation),
        new("USO v6", Udp(bytes: 60_001) with { IsV6 = true }, Undone.Segmentation),
    ];

    /// <summary>From an access port to a trunk.</summary>
    private static readonly Passage[] Push = [.. Untagged.Select(passage =>
        passage with { Name = passage.Name + ", push", TciOut = Passage.Vlan })];

    /// <summary>From a trunk to an access port.</summary>
    private static readonly Passage[] Pop = [.. Untagged.Select(passage =>
        passage with { Name = passage.Name + ", pop", TciIn = PriorityTag })];

    /// <summary>From a trunk to a trunk.</summary>
    private static readonly Passage[] Through = [.. Untagged.Select(passage =>
        passage with { Name = passage.Name + ", tag kept", TciIn = PriorityTag, TciOut = PriorityTag })];

    /// <summary>A tag without a VLAN, from an access port, becomes one with the VLAN on the trunk.</summary>
    private static readonly Passage[] Retag = [.. Untagged.Select(passage =>
        passage with { Name = passage.Name + ", tag changed", TciIn = PriorityTag & ~0xFFF, TciOut = PriorityTag })];

    public static IReadOnlyList<Passage> All { get; } = [.. Untagged, .. Push, .. Pop, .. Through, .. Retag];

    public static Passage Named(string name) => All.Single(passage => passage.Name == name);

    /// <summary>FIN and PSH belong to the last piece only. The sequence number and the IPv4 id run over.</summary>
    private static EgressPacket Tcp(int bytes, byte flags = EgressPacket.Ack | EgressPacket.Psh | EgressPacket.Fin) => new()
    {
        TcpFlags = flags,
        TcpOptions = [1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2],
        Sequence = uint.MaxValue - 20_000,
        Identification = ushort.MaxValue - 5,
        Payload = EgressPacket.RandomBytes(new Random(bytes), bytes),
    };

    private static EgressPacket Udp(int bytes) => new()
    {
        IsUdp = true,
        Payload = EgressPacket.RandomBytes(new Random(bytes), bytes),
    };
}

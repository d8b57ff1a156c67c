namespace VSwitch.Fuzz;

/// <summary>
/// Valid frames to start from, one per path through the parsers, and the pieces of them that inner parsers take.
/// </summary>
public static class SeedFrames
{
    private const string Unicast = "52 54 00 12 34 56  00 50 56 b3 06 d1";
    private const string Tag = "81 00 60 64";
    private const string Ipv4Addresses = "c0 00 02 01  c6 33 64 02";
    private const string Ipv6Source = "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01";
    private const string Ipv6Destination = "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 02";
    private const string Ipv6Addresses = $"{Ipv6Source} {Ipv6Destination}";
    private const string TcpSyn = "9c 40 01 bb 00 00 00 01 00 00 00 00 60 02 20 00 ab cd 00 00  02 04 05 b4";
    private const string UdpPacket = "13 88 00 35 00 0c 00 00  de ad be ef";

    public static IReadOnlyList<byte[]> ArpPackets { get; } = Packets(
        "00 01 08 00 06 04 00 01  00 50 56 b3 06 d1 0a 00 00 01  00 00 00 00 00 00 0a 00 00 02");

    public static IReadOnlyList<byte[]> TcpSegments { get; } = Packets(
        TcpSyn,
        "00 50 9c 40 00 00 00 09 00 00 00 02 50 18 20 00 ab cd 00 00  68 69");

    public static IReadOnlyList<byte[]> UdpDatagrams { get; } = Packets(UdpPacket, "13 88 00 35 00 08 00 00");

    public static IReadOnlyList<byte[]> IcmpMessages { get; } = Packets(
        "08 00 f7 fd 00 01 00 01",
        "00 00 ff fd 00 01 00 01 61 62 63");

    public static IReadOnlyList<byte[]> Icmpv6Messages { get; } = Packets(
        "87 00 00 00 00 00 00 00  fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 01  01 01 00 50 56 b3 06 d1");

    public static IReadOnlyList<byte[]> IgmpMessages { get; } = Packets(
        "16 00 06 fb e1 01 02 03",
        "11 64 ee 9b 00 00 00 00  02 7d 00 00");

    public static IReadOnlyList<byte[]> Ipv4Packets { get; } = Packets(
        $"45 b8 00 2c 12 34 40 00 40 06 00 00 {Ipv4Addresses} {TcpSyn}",
        $"46 00 00 24 12 34 00 00 40 11 00 00 {Ipv4Addresses} 94 04 00 00 {UdpPacket}",
        $"45 00 00 20 12 34 20 00 40 11 00 00 {Ipv4Addresses} {UdpPacket}",
        $"45 00 00 20 12 34 00 b9 40 11 00 00 {Ipv4Addresses} {UdpPacket}",
        $"45 00 00 1c 12 34 00 00 40 01 00 00 {Ipv4Addresses} 08 00 f7 fd 00 01 00 01",
        $"45 00 00 20 12 34 00 00 40 84 00 00 {Ipv4Addresses} 9c 40 01 bb 00 00 00 00 00 00 00 00");

    public static IReadOnlyList<byte[]> Ipv6Packets { get; } = Packets(
        $"6b 8a bc de 00 18 06 40 {Ipv6Addresses} {TcpSyn}",
        $"60 00 00 00 00 1c 00 40 {Ipv6Addresses} 3c 00 01 04 00 00 00 00  11 00 01 04 00 00 00 00 {UdpPacket}",
        $"60 00 00 00 00 14 2c 40 {Ipv6Addresses} 11 00 00 01 00 00 00 07 {UdpPacket}",
        $"60 00 00 00 00 14 2c 40 {Ipv6Addresses} 11 00 00 b9 00 00 00 07 {UdpPacket}",
        $"60 00 00 00 00 24 33 40 {Ipv6Addresses} 06 01 00 00 00 00 00 01 00 00 00 01 {TcpSyn}",
        $"60 00 00 00 00 08 3a ff {Ipv6Addresses} 80 00 00 00 00 01 00 01");

    public static IReadOnlyList<byte[]> LlcPayloads { get; } = Packets(
        "42 42 03 00 00 00 00 00",
        "aa aa 03 00 00 0c 20 00 02 b4");

    public static IReadOnlyList<byte[]> Frames { get; } =
    [
        .. Ipv4Packets.Select(packet => Frame($"{Unicast} 08 00", packet)),
        .. Ipv4Packets.Select(packet => Frame($"{Unicast} {Tag} 08 00", packet)),
        .. Ipv6Packets.Select(packet => Frame($"{Unicast} 86 dd", packet)),
        .. Ipv6Packets.Select(packet => Frame($"{Unicast} {Tag} 86 dd", packet)),
        .. ArpPackets.Select(packet => Frame("ff ff ff ff ff ff  00 50 56 b3 06 d1  08 06", packet)),
        .. LlcPayloads.Select(payload => Frame("01 80 c2 00 00 00  00 50 56 b3 06 d1  00 08", payload)),
        Frame($"{Unicast} 88 a8 00 0a {Tag} 08 00", Ipv4Packets[0]),
    ];

    private static byte[][] Packets(params string[] hex) => [.. hex.Select(Bytes)];

    private static byte[] Frame(string header, byte[] payload) => [.. Bytes(header), .. payload];

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", ""));
}

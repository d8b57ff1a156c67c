using VSwitch.Wire;

namespace VSwitch.Policy.Tests;

/// <summary>
/// Random access lists, and random frames that have something to do with them. Everything is drawn from small pools, so
/// that entries overlap; frames lie at, just inside and just outside of what entries match. Neither has to make sense: the
/// classifier agrees with the rules on headers that no parser makes and on entries that no configuration holds.
/// </summary>
internal sealed class RandomAccessLists(int seed)
{
    private static readonly byte[] Protocols = [IpProtocol.Icmp, IpProtocol.Tcp, IpProtocol.Udp, IpProtocol.Sctp, 0, 255];
    private static readonly ushort[] Ports = [0, 1, 22, 80, 443, 1023, 1024, 32767, 32768, 65534, 65535];
    private static readonly uint[] Addresses = [0, 0x0A000000, 0x0A000005, 0x0A0001FF, 0x0A7FFFFF, 0x7FFFFFFF, 0x80000000, 0xC0A80101, 0xFFFFFFFF];
    private static readonly uint[] MasksWithHoles = [0x00FF00FF, 0xFF00FF00, 0xFFFF00FF, 0xFFFFFFFE & ~8U, 1, 0x7FFFFFFF];
    private static readonly byte[] Dscps = [0, 10, 46, 63];
    private static readonly byte[] IcmpTypes = [0, 3, 8, 255];

    private readonly Random _random = new(seed);

    public AccessListConfig List(int entryCount) => new()
    {
        Name = "random",
        Entries = [.. Enumerable.Range(1, entryCount).Select(number => _random.Next(20) == 0 ? Remark(number) : Entry(number))],
    };

    /// <summary>Entries that differ in hosts and ports only, so that the indexes have more cuts than rows.</summary>
    public AccessListConfig Hosts(int entryCount) => new()
    {
        Name = "hosts",
        Entries = [.. Enumerable.Range(1, entryCount).Select(number => new AccessEntry
        {
            Sequence = (uint)number,
            Action = Pick(AccessAction.Permit, AccessAction.Deny),
            Protocol = IpProtocol.Tcp,
            Source = Maybe() ? Ipv4Prefix.Any : Host(),
            Destination = Host(),
            DestinationPort = Maybe() ? PortMatch.Any : Equal((ushort)_random.Next(65536)),
        })],
    };

    /// <summary>Headers near what an entry matches; near nothing in particular for an empty list.</summary>
    public FrameHeaders Headers(AccessListConfig list)
    {
        AccessEntry near = list.Entries.Length > 0 ? list.Entries[_random.Next(list.Entries.Length)] : Entry(1);
        return new FrameHeaders
        {
            IpVersion = 4,
            Ipv4Source = Near(near.Source),
            Ipv4Destination = Near(near.Destination),
            SourcePort = Near(near.SourcePort),
            DestinationPort = Near(near.DestinationPort),
            Protocol = Maybe() ? Pick(Protocols) : near.Protocol ?? Pick(Protocols),
            TrafficClass = (byte)((Maybe() ? Pick(Dscps) : near.Dscp ?? Pick(Dscps)) << 2 | _random.Next(4)),
            IcmpType = Maybe() ? Pick(IcmpTypes) : near.IcmpType ?? Pick(IcmpTypes),
            TcpFlags = Pick(TcpFlags.None, TcpFlags.Syn, TcpFlags.Ack, TcpFlags.Rst, TcpFlags.Syn | TcpFlags.Ack),
            L4Offset = (ushort)(_random.Next(4) == 0 ? 0 : 34),
            Flags = Pick(ParseFlags.None, ParseFlags.Tagged, ParseFlags.FirstFragment, ParseFlags.LaterFragment, ParseFlags.L4Malformed),
            FlowHash = (uint)_random.Next(64),
        };
    }

    private static AccessEntry Remark(int number) => new() { Sequence = (uint)number, Remark = "nothing to match" };

    private AccessEntry Entry(int number) => new()
    {
        Sequence = (uint)number,
        Action = Pick(AccessAction.Permit, AccessAction.Deny),
        Protocol = Maybe() ? null : Pick(Protocols),
        Source = Prefix(),
        Destination = Prefix(),
        SourcePort = Port(),
        DestinationPort = Port(),
        Established = _random.Next(8) == 0,
        Dscp = Seldom() ? Pick<byte>([.. Dscps, 64, 255]) : null,
        IcmpType = Seldom() ? Pick(IcmpTypes) : null,
    };

    private Ipv4Prefix Prefix()
    {
        var address = new Ipv4Address(Pick(Addresses));
        return _random.Next(6) switch
        {
            0 or 1 => Ipv4Prefix.Any,
            2 => Ipv4Prefix.WithWildcard(address, new Ipv4Address(~Pick(MasksWithHoles))),
            3 => Ipv4Prefix.Host(address),
            _ => Ipv4Prefix.Of(address, _random.Next(33)),
        };
    }

    private PortMatch Port()
    {
        if (_random.Next(3) > 0)
            return PortMatch.Any;
        ushort port = Pick(Ports);
        return Pick(PortOperator.Equal, PortOperator.NotEqual, PortOperator.GreaterThan, PortOperator.LessThan, PortOperator.Range) switch
        {
            PortOperator.Range => new PortMatch(PortOperator.Range, port, Pick(Ports)),
            PortOperator other => new PortMatch(other, port, port),
        };
    }

    private static PortMatch Equal(ushort port) => new(PortOperator.Equal, port, port);

    private Ipv4Prefix Host() => Ipv4Prefix.Host(new Ipv4Address((uint)_random.NextInt64(1L << 32)));

    /// <summary>An address in a prefix, or next to its first or last, or one bit away.</summary>
    private uint Near(Ipv4Prefix prefix)
    {
        uint first = prefix.Address.Value, last = first | ~prefix.Mask, inside = first | (uint)_random.NextInt64(1L << 32) & ~prefix.Mask;
        return Pick(first, last, inside, inside, unchecked(first - 1), unchecked(last + 1), inside ^ 1U << _random.Next(32), Pick(Addresses));
    }

    private ushort Near(PortMatch match) =>
        unchecked((ushort)(Pick(match.Low, match.High, Pick(Ports)) + _random.Next(-1, 2)));

    private bool Maybe() => _random.Next(2) == 0;

    private bool Seldom() => _random.Next(6) == 0;

    private T Pick<T>(params T[] values) => values[_random.Next(values.Length)];
}

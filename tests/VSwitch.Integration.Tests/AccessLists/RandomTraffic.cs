using System.Buffers.Binary;
using VSwitch.Policy;
using VSwitch.Wire;

namespace VSwitch.Integration.Tests.AccessLists;

/// <summary>
/// Random access lists that a configuration could hold, and IPv4 frames that have something to do with them: fragments,
/// IP options and datagrams without a payload among them. Values come from small pools, so that entries and frames meet.
/// </summary>
internal sealed class RandomTraffic(int seed)
{
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const byte Icmp = 1;
    private const byte Gre = 47;
    private const int MoreFragments = 0x2000;

    private static readonly byte[] Protocols = [Tcp, Tcp, Udp, Udp, Icmp, Gre];
    private static readonly ushort[] Ports = [0, 22, 80, 443, 1023, 1024, 65534, 65535];
    private static readonly string[] Addresses = ["10.0.0.0", "10.0.0.255", "10.0.1.7", "10.128.3.7", "172.16.9.7", "192.168.1.1", "255.255.255.255"];
    private static readonly string[] Wildcards = ["0.255.0.255", "0.0.255.0", "255.255.255.0", "0.0.0.254"];
    private static readonly byte[] Dscps = [0, 10, 46];
    private static readonly byte[] IcmpTypes = [0, 3, 8];

    private readonly Random _random = new(seed);

    public AccessListConfig List(int entryCount) =>
        new() { Name = "random", Entries = [.. Enumerable.Range(1, entryCount).Select(number => Entry((uint)number))] };

    /// <param name="identification">The IPv4 identification, which tells the frame from others.</param>
    public byte[] Frame(ushort identification)
    {
        byte protocol = Pick(Protocols);
        int fragment = _random.Next(8) switch { 0 => MoreFragments, 1 => MoreFragments | 185, 2 => 370, _ => 0 };
        byte[] options = [.. Enumerable.Repeat((byte)1, _random.Next(4) == 0 ? 4 * _random.Next(1, 11) : 0)];
        byte[] payload = _random.Next(10) == 0 ? [] : Payload(protocol);

        byte[] packet = [.. new byte[20], .. options, .. payload];
        int headerBytes = 20 + options.Length;
        packet[0] = (byte)(0x40 | headerBytes / 4);
        packet[1] = (byte)(Pick(Dscps) << 2 | _random.Next(4));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), identification);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), (ushort)fragment);
        packet[8] = 64;
        packet[9] = protocol;
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(12), Address());
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(16), Address());
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), HeaderChecksum(packet.AsSpan(0, headerBytes)));
        return Ether.Frame(Ether.Mac("02:00:00:00:00:02"), Ether.Mac("02:00:00:00:00:01"), 0x0800, packet);
    }

    private AccessEntry Entry(uint sequence)
    {
        byte? protocol = _random.Next(6) == 0 ? null : Pick(Protocols);
        bool hasPorts = protocol is Tcp or Udp;
        return new AccessEntry
        {
            Sequence = sequence,
            Action = Pick(AccessAction.Permit, AccessAction.Deny),
            Protocol = protocol,
            Source = Prefix(),
            Destination = Prefix(),
            SourcePort = hasPorts ? PortMatch() : default,
            DestinationPort = hasPorts ? PortMatch() : default,
            Established = protocol == Tcp && _random.Next(4) == 0,
            IcmpType = protocol == Icmp && _random.Next(2) == 0 ? Pick(IcmpTypes) : null,
            Dscp = _random.Next(5) == 0 ? Pick(Dscps) : null,
        };
    }

    private Ipv4Prefix Prefix() => Ipv4Prefix.Parse(_random.Next(8) switch
    {
        0 => "any",
        1 or 2 => $"{Pick(Addresses)} {Pick(Wildcards)}",
        3 or 4 => $"host {Pick(Addresses)}",
        _ => $"{Pick(Addresses)}/{_random.Next(8, 33)}",
    });

    private PortMatch PortMatch()
    {
        ushort port = Pick(Ports), other = Pick(Ports);
        return _random.Next(8) switch
        {
            0 => new PortMatch(PortOperator.Equal, port, port),
            1 => new PortMatch(PortOperator.NotEqual, port, port),
            2 when port < 65535 => new PortMatch(PortOperator.GreaterThan, port, port),
            3 when port > 0 => new PortMatch(PortOperator.LessThan, port, port),
            4 => new PortMatch(PortOperator.Range, Math.Min(port, other), Math.Max(port, other)),
            _ => default,
        };
    }

    private byte[] Payload(byte protocol)
    {
        byte[] payload = new byte[40];
        _random.NextBytes(payload);
        BinaryPrimitives.WriteUInt16BigEndian(payload, Port());
        BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(2), Port());
        switch (protocol)
        {
            case Tcp:
                payload[12] = 0x50;
                break;
            case Udp:
                BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(4), (ushort)payload.Length);
                break;
            case Icmp:
                payload[0] = Pick(IcmpTypes);
                break;
        }
        return payload;
    }

    private ushort Port() => unchecked((ushort)(Pick(Ports) + _random.Next(-1, 2)));

    /// <summary>An address of the pool, or one that differs from it in one bit.</summary>
    private uint Address()
    {
        uint address = Ipv4Address.Parse(Pick(Addresses)).Value;
        return _random.Next(2) == 0 ? address : address ^ 1U << _random.Next(32);
    }

    /// <summary>RFC 1071.</summary>
    private static ushort HeaderChecksum(ReadOnlySpan<byte> header)
    {
        int sum = 0;
        for (int i = 0; i < header.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(header[i..]);
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~((sum & 0xFFFF) + (sum >> 16));
    }

    private T Pick<T>(params T[] values) => values[_random.Next(values.Length)];
}

using System.Buffers.Binary;

namespace VSwitch.Integration.Tests.Differential;

/// <summary>
/// Random frames of every kind, the same for the same seed: stations that move between ports, unknown and static
/// addresses, groups, reserved ones, bad sources, tags of all sorts, from 16 bytes to a little more than a port's MTU. No two
/// are the same. (A netdev of Linux neither sends nor gives away a frame shorter than 14 bytes, and loses a tagged one that has
/// not two bytes behind its ethertype; the tests of the stages have those.)
/// </summary>
public sealed class FrameSource(int seed, TestPort[] ports)
{
    private const int StationCount = 24;
    private const int FrameBytesMin = 16;

    private static readonly ushort[] EtherTypes = [0x0800, 0x86DD, 0x0806, 0x88CC, 0x8847, 0x8899, Ether.Experimental, 0x0026, 0x05DC, 0x0600];

    private readonly Random _random = new(seed);
    private readonly HashSet<string> _made = [];
    private int _number;

    public TestFrame Next(TestPort port)
    {
        while (true)
        {
            var frame = new TestFrame(_number, port, Bytes(port));
            if (!_made.Add(frame.Key))
                continue;
            _number++;
            return frame;
        }
    }

    public TestPort NextPort() => ports[_random.Next(ports.Length)];

    public int Next(int count) => _random.Next(count);

    private byte[] Bytes(TestPort port)
    {
        byte[] destination = Destination();
        bool isPause = destination[0] == 1 && destination[1] == 0x80 && destination[5] == 1;
        byte[] source = isPause ? PauseSource() : Source(port);
        (ushort Tpid, int Tci)[] tags = Tags();

        // A frame that is too long goes to a group, so that it is clear which ports it would leave by.
        bool isLong = (destination[0] & 1) != 0 && port.MtuBytes > ports.Min(other => other.MtuBytes) && _random.Next(4) == 0;
        int bytes = isLong ? _random.Next(1511, 1535) : _random.Next(10) switch
        {
            < 3 => _random.Next(FrameBytesMin, 60),
            < 5 => _random.Next(60, 128),
            < 9 => _random.Next(60, 1515),
            _ => 1514,
        };
        int innerTags = tags.Length - (tags.Length > 0 && tags[0].Tpid == Ether.CTag ? 1 : 0);
        var payload = new byte[Math.Max(2, bytes - 14 - 4 * innerTags)];
        _random.NextBytes(payload);
        return Ether.Frame(destination, source, EtherTypes[_random.Next(EtherTypes.Length)], payload, tags);
    }

    private byte[] Destination() => _random.Next(100) switch
    {
        < 55 => Station(_random.Next(StationCount)),
        < 65 => [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        < 78 => Group(),
        < 86 => Station(StationCount + _random.Next(1000)),
        < 92 => ports[_random.Next(ports.Length)].Mac,
        _ => [0x01, 0x80, 0xC2, 0x00, 0x00, (byte)_random.Next(18)],
    };

    /// <summary>Most stations stay at their port most of the time.</summary>
    private byte[] Source(TestPort port)
    {
        int home = port.Index + ports.Length * _random.Next(StationCount / ports.Length);
        return _random.Next(100) switch
        {
            < 65 => Station(home),
            < 88 => Station(_random.Next(StationCount)),
            < 90 => port.Mac,
            < 94 => ports[_random.Next(ports.Length)].Mac,
            < 98 => Group(),
            _ => new byte[6],
        };
    }

    /// <summary>A bridge does not learn from pause frames, and we do; nobody writes to who sends them.</summary>
    private byte[] PauseSource() => [0x02, 0xFA, 0, 0, 0, (byte)_random.Next(256)];

    private (ushort Tpid, int Tci)[] Tags()
    {
        bool isTagged = _random.Next(100) < (ports.Any(port => port.IsTrunk) ? 60 : 25);
        if (!isTagged)
            return [];
        return _random.Next(10) switch
        {
            < 2 => [(Ether.CTag, Tci(0))],
            < 6 => [(Ether.CTag, Tci(Vid()))],
            < 8 => [(Ether.CTag, Tci(Vid())), (Ether.CTag, Tci(Vid()))],
            < 9 => [(Ether.CTag, Tci(0)), (Ether.STag, Tci(Vid()))],
            _ => [(Ether.STag, Tci(Vid()))],
        };
    }

    private int Vid()
    {
        int[] known = [.. ports.SelectMany(port => port.Allowed).Distinct()];
        return _random.Next(10) switch
        {
            < 8 => known[_random.Next(known.Length)],
            < 9 => _random.Next(1, 4095),
            _ => 4095,
        };
    }

    private int Tci(int vid) => _random.Next(16) << 12 | vid;

    private byte[] Group()
    {
        var address = new byte[6];
        _random.NextBytes(address);
        address[0] |= 1;
        return address;
    }

    private static byte[] Station(int number)
    {
        var address = new byte[6];
        BinaryPrimitives.WriteInt32BigEndian(address.AsSpan(2), number + 1);
        address[0] = 0x02;
        return address;
    }
}

using System.Buffers.Binary;
using System.Diagnostics;
using VSwitch.Frames;
using VSwitch.Linux;

namespace VSwitch.Ports.Tests;

/// <summary>What is particular to ports on somebody else's netdev.</summary>
public sealed class PacketPortTests : IDisposable
{
    private readonly TestNamespace _switch = new();
    private readonly TestNamespace _left = new();
    private readonly FrameBatch _batch = new();
    private readonly SendList _copies = new();
    private readonly PortCounters _counters = new();

    [Fact]
    public void TcpCrossesTwoPortsInGsoFrames()
    {
        using var right = new TestNamespace();
        AddCable("left0", _left);
        AddCable("right0", right);
        PacketPort leftPort = Open("left0");
        PacketPort rightPort = Open("right0");

        TcpTransfer.Judge(_left, right, leftPort, rightPort);

        leftPort.Close();
        rightPort.Close();
    }

    [Fact]
    public void ReceivesLongFramesInOrderAmongShortOnes()
    {
        AddCable("left0", _left);
        _switch.Ip("link set left0 mtu 9000");
        _left.Ip("link set eth0 mtu 9000");
        PacketPort port = Open("left0");
        Assert.Equal(9000, port.MtuBytes);
        port.Start();
        using var peer = new RawPeer(_left, "eth0");
        int[] lengths = [60, 9014, 1514, 2100, 9014, 9014, 60, 2000, 2036, 2037, 4000];

        byte seed = 0;
        foreach (int length in lengths)
            peer.Send(TestFrames.Plain(length, seed++));

        seed = 0;
        while (seed < lengths.Length)
        {
            Assert.NotEqual(0, port.ReceiveQueues[0].ReceiveSoon(_batch));
            for (int i = 0; i < _batch.Count; i++, seed++)
                Assert.Equal(TestFrames.Plain(lengths[seed], seed), _batch[i].Bytes());
            port.ReceiveQueues[0].Release(_batch);
        }
        port.Close();
    }

    /// <summary>The socket tells that its netdev went down instead of the first long frame.</summary>
    [Fact]
    public void ReceivesLongFramesThatCameBeforeItsNetdevWentDown()
    {
        AddCable("left0", _left);
        _switch.Ip("link set left0 mtu 9000");
        _left.Ip("link set eth0 mtu 9000");
        PacketPort port = Open("left0");
        port.Start();
        using (var peer = new RawPeer(_left, "eth0"))
        {
            for (byte seed = 0; seed < 3; seed++)
                peer.Send(TestFrames.Plain(9014, seed));
        }
        _switch.Ip("link set left0 down");
        _switch.Ip("link set left0 up");

        Assert.Equal(3, port.ReceiveQueues[0].ReceiveSoon(_batch));

        Assert.Equal(0b111UL, _batch.Alive);
        for (byte seed = 0; seed < 3; seed++)
            Assert.Equal(TestFrames.Plain(9014, seed), _batch[seed].Bytes());
        port.ReceiveQueues[0].Release(_batch);
        port.Close();
    }

    /// <summary>There is no word for UFO in the header that AF_PACKET puts before a frame; kernels lose the ring's slot over it.</summary>
    [Fact]
    public void ReceivesAgainAfterAFrameThatTheKernelCannotHandOver()
    {
        const byte ufo = 3;
        using Tun tap = NetworkNamespace.Run(_switch.Name, () => Tun.Open("vm0", multiQueue: false));
        PacketPort port = Open("vm0");
        port.Start();
        byte[] datagram = TestFrames.Plain(42 + 4000);
        Convert.FromHexString("0800" + "45000fbc0000400040110000" + "0a0900010a090002" + "04d2162e0fa80000").CopyTo(datagram, 12);
        Write(tap, new Offload { Flags = OffloadFlags.NeedsChecksum, Gso = (GsoType)ufo, HeaderBytes = 42, SegmentBytes = 1480, ChecksumStart = 34, ChecksumOffset = 6 }, datagram);
        port.RefreshLink();
        Write(tap, default, TestFrames.Plain(seed: 1));
        _ = port.ReceiveQueues[0].ReceiveSoon(_batch, milliseconds: 20);
        port.ReceiveQueues[0].Release(_batch);

        port.RefreshLink();
        if (port.NeedsRestart)
        {
            port.Stop();
            port.Start();
        }

        Assert.False(port.NeedsRestart);
        for (byte seed = 2; seed < 5; seed++)
        {
            Write(tap, default, TestFrames.Plain(seed: seed));
            Assert.Equal(1, port.ReceiveQueues[0].ReceiveSoon(_batch));
            Assert.Equal(TestFrames.Plain(seed: seed), _batch[0].Bytes());
            port.ReceiveQueues[0].Release(_batch);
        }
        port.Close();
    }

    [Fact]
    public void RunsTheRingRoundWhenItOverflows()
    {
        AddCable("left0", _left);
        PacketPort port = Open("left0");
        port.Start();
        using var peer = new RawPeer(_left, "eth0");
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < 1100; i++)
                peer.Send(TestFrames.Plain());
            int received = 0;
            while (port.ReceiveQueues[0].ReceiveSoon(_batch, milliseconds: 20) > 0)
            {
                received += _batch.Count;
                port.ReceiveQueues[0].Release(_batch);
            }
            Assert.Equal(PacketRing.SlotCount, received);
        }
        const ulong lost = 3UL * (1100 - PacketRing.SlotCount);
        Assert.Equal(lost, port.LostFrames);
        port.Close();
        Assert.Equal(lost, port.LostFrames);
    }

    /// <summary>The netdev's own queue is what is full here: it holds nothing.</summary>
    [Fact]
    public void CountsWhatItsNetdevHasNoRoomFor()
    {
        AddCable("left0", _left);
        PacketPort port = Open("left0");
        ISendQueue send = port.OpenSendQueue(0);
        port.Start();
        using var peer = new RawPeer(_left, "eth0");
        for (byte i = 0; i < 3; i++)
            peer.Send(TestFrames.Plain(seed: i));
        while (_batch.Count < 3)
            port.ReceiveQueues[0].Receive(_batch);
        TestFrames.Parse(_batch);
        for (int i = 0; i < 3; i++)
            _copies.Add(i, SendEntry.Untagged);

        _switch.Run("tc qdisc replace dev left0 root pfifo limit 0");
        send.Send(_batch, _copies, _counters);
        Assert.Equal(3UL, _counters.Drops(DropReason.RingFull));

        _switch.Run("tc qdisc del dev left0 root");
        send.Send(_batch, _copies, _counters);
        Assert.Equal(3UL, _counters.Sent);
        for (byte i = 0; i < 3; i++)
            Assert.Equal(TestFrames.Plain(seed: i), peer.Receive(like: TestFrames.Plain()));
        port.ReceiveQueues[0].Release(_batch);
        port.Close();
    }

    [Fact]
    public void LendsTheWholeRingAndNotTwice()
    {
        AddCable("left0", _left);
        PacketPort port = Open("left0");
        port.Start();
        using var peer = new RawPeer(_left, "eth0");
        for (int i = 0; i < 1100; i++)
            peer.Send(TestFrames.Plain());

        var batches = new List<FrameBatch> { new() };
        while (port.ReceiveQueues[0].ReceiveSoon(batches[^1], milliseconds: 20) > 0)
            batches.Add(new FrameBatch());

        Assert.Equal(PacketRing.SlotCount, batches.Sum(batch => batch.Count));
        foreach (FrameBatch batch in batches)
        {
            port.ReceiveQueues[0].Release(batch);
            batch.Dispose();
        }
        peer.Send(TestFrames.Plain(seed: 2));
        Assert.Equal(1, port.ReceiveQueues[0].ReceiveSoon(_batch));
        Assert.Equal(TestFrames.Plain(seed: 2), _batch[0].Bytes());
        port.ReceiveQueues[0].Release(_batch);
        port.Close();
    }

    /// <summary>tcpdump at the other end writes out the tag that the kernel shows it.</summary>
    [Fact]
    public void SendsTags()
    {
        AddCable("left0", _left);
        PacketPort port = Open("left0");
        ISendQueue send = port.OpenSendQueue(0);
        port.Start();
        using var peer = new RawPeer(_left, "eth0");
        peer.Send(TestFrames.Plain());
        port.ReceiveQueues[0].ReceiveSoon(_batch);

        string seen = Capture(() =>
        {
            _copies.Add(0, tci: 0xA064);
            send.Send(_batch, _copies, _counters);
        });

        Assert.Contains("vlan 100, p 5, ethertype", seen, StringComparison.Ordinal);
        Assert.Equal(64UL, _counters.SentBytes);
        port.ReceiveQueues[0].Release(_batch);
        port.Close();
    }

    [Fact]
    public void KeepsTheHostAway()
    {
        _switch.Run("sysctl -qw net.ipv6.conf.default.disable_ipv6=0");
        AddCable("left0", _left);
        _switch.Ip("link set left0 up");
        _switch.Ip("addr add 10.9.0.1/24 dev left0");
        _left.Ip("addr add 10.9.0.2/24 dev eth0");
        Assert.True(IsHostAnswering());
        Assert.Equal("0", Ipv6Switch());

        PacketPort port = Open("left0");
        port.Start();
        Assert.False(IsHostAnswering());
        Assert.NotEqual(0, port.ReceiveQueues[0].ReceiveSoon(_batch));
        Assert.Equal("1", Ipv6Switch());
        Assert.Equal(["left0 carries IP addresses of the host, which can use them no more"], port.Warnings);

        port.Close();
        Assert.True(IsHostAnswering());
        Assert.Equal("0", Ipv6Switch());
        port.ReceiveQueues[0].Release(_batch);
    }

    [Fact]
    public void DoesNotReceiveWhatItsHostSends()
    {
        AddCable("left0", _left);
        PacketPort port = Open("left0");
        port.Start();
        using var host = new RawPeer(_switch, "left0");

        host.Send(TestFrames.Plain());

        Assert.Equal(0, port.ReceiveQueues[0].ReceiveSoon(_batch, milliseconds: 20));
        port.Close();
    }

    [Fact]
    public void FollowsTheStateOfItsNetdev()
    {
        AddCable("left0", _left);
        PacketPort port = Open("left0");
        ISendQueue send = port.OpenSendQueue(0);
        port.Start();
        Assert.True(port.IsLinkUp);
        using (var peer = new RawPeer(_left, "eth0"))
            peer.Send(TestFrames.Plain());
        Assert.Equal(1, port.ReceiveQueues[0].ReceiveSoon(_batch));
        _copies.Add(0, SendEntry.Untagged);

        _left.Ip("link set eth0 down");
        port.RefreshLink();
        Assert.False(port.IsLinkUp);
        Assert.Equal("the link of left0 is down", port.LinkDownReason);
        send.Send(_batch, _copies, _counters);
        Assert.Equal((0UL, 1UL), (_counters.Sent, _counters.Drops(DropReason.LinkDown)));
        _left.Ip("link set eth0 up");
        port.RefreshLink();
        Assert.True(port.IsLinkUp);
        send.Send(_batch, _copies, _counters);
        Assert.Equal(1UL, _counters.Sent);
        port.ReceiveQueues[0].Release(_batch);

        _switch.Ip("link set left0 down");
        port.RefreshLink();
        Assert.False(port.IsLinkUp);
        Assert.False(port.ReceiveQueues[0].Arm());
        Assert.False(Poll.WaitReadable(port.ReceiveQueues[0].WaitHandle, 0));
        port.Close();
    }

    /// <summary>The kernel gives a new netdev the next index, unless it is told another.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("index 777")]
    public void AttachesAgainToANetdevThatIsMadeAgain(string index)
    {
        AddCable("left0", _left, index);
        PacketPort port = Open("left0");
        ISendQueue send = port.OpenSendQueue(0);
        port.Start();
        _switch.Ip("link del left0");
        port.RefreshLink();
        Assert.False(port.IsLinkUp);
        Assert.Equal("there is no netdev left0", port.LinkDownReason);

        AddCable("left0", _left, index);
        port.RefreshLink();

        Assert.True(port.IsLinkUp);
        using var peer = new RawPeer(_left, "eth0");
        peer.Send(TestFrames.Plain());
        Assert.Equal(1, port.ReceiveQueues[0].ReceiveSoon(_batch));
        _copies.Add(0, SendEntry.Untagged);
        // The kernel throws frames away until it has opened the new netdev's transmit queue, which is soon.
        do
            send.Send(_batch, _copies, _counters);
        while (!peer.WaitReadable(milliseconds: 20));
        Assert.Equal(TestFrames.Plain(), peer.Receive(like: TestFrames.Plain()));
        port.ReceiveQueues[0].Release(_batch);
        port.Close();
    }

    /// <summary>
    /// The way of a virtual machine: QEMU holds the user side of a TAP, we meet the netdev. A frame of 64 KB is the longest that the
    /// kernel sends whole.
    /// </summary>
    [Theory]
    [InlineData(10_000)]
    [InlineData(65_535 - 54)]
    public void ExchangesOffloadsWithTheUserSideOfATap(int payloadBytes)
    {
        using var tap = TapPortHolder.Open("vm0", _switch);
        PacketPort port = Open("vm0");
        ISendQueue send = port.OpenSendQueue(0);
        port.Start();
        byte[] segment = GsoSegment(payloadBytes);

        tap.Send(segment, GsoOffload);
        Assert.Equal(1, port.ReceiveQueues[0].ReceiveSoon(_batch));
        Assert.Equal(segment, _batch[0].Bytes());
        Assert.Equal(GsoType.TcpV4, _batch[0].Offload.Gso);
        Assert.Equal(1448, _batch[0].Offload.SegmentBytes);
        Assert.Equal(34, _batch[0].Offload.ChecksumStart);
        Assert.True(_batch[0].Offload.NeedsChecksum);

        _copies.Add(0, SendEntry.Untagged);
        send.Send(_batch, _copies, _counters);
        Assert.Equal(1UL, _counters.Sent);
        (byte[] bytes, Offload offload) = tap.Receive();
        Assert.Equal(segment, bytes);
        Assert.Equal((GsoType.TcpV4, (ushort)1448, (ushort)34), (offload.Gso, offload.SegmentBytes, offload.ChecksumStart));
        port.ReceiveQueues[0].Release(_batch);
        port.Close();
    }

    [Fact]
    public void SaysWhyItCannotOpen()
    {
        var exception = Assert.Throws<PortException>(() => Open("none0"));

        Assert.StartsWith("there is no netdev none0 in this network namespace", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesANetdevThatIsNotOneForASwitch()
    {
        _switch.Ip("tuntap add tun0 mode tun");
        Assert.StartsWith("tun0 has no Ethernet frames", Assert.Throws<PortException>(() => Open("tun0")).Message, StringComparison.Ordinal);

        AddCable("left0", _left);
        _switch.Ip("link add br0 type bridge");
        _switch.Ip("link set left0 master br0");
        Assert.Equal(
            "left0 belongs to br0, which would get nothing more; take it out with: ip link set left0 nomaster",
            Assert.Throws<PortException>(() => Open("left0")).Message);

        _switch.Ip("link set left0 nomaster");
        Open("left0").Close();
    }

    public void Dispose()
    {
        _batch.Dispose();
        _left.Dispose();
        _switch.Dispose();
    }

    private static Offload GsoOffload => new()
    {
        Flags = OffloadFlags.NeedsChecksum,
        Gso = GsoType.TcpV4,
        HeaderBytes = 54,
        SegmentBytes = 1448,
        ChecksumStart = 34,
        ChecksumOffset = 16,
    };

    /// <summary>Ethernet, IPv4 and TCP headers and a payload; only the lengths have to be right.</summary>
    private static byte[] GsoSegment(int payloadBytes)
    {
        byte[] segment = TestFrames.Plain(54 + payloadBytes);
        Convert.FromHexString("0800" + "45000000000140004006fb8c0a0900010a090002" + "04d2162e00000001000000025010010000000000")
            .CopyTo(segment, 12);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(16), (ushort)(40 + payloadBytes));
        return segment;
    }

    /// <summary>A veth pair: one end for the switch, the other called eth0 in a namespace of its user's.</summary>
    private void AddCable(string netdev, TestNamespace user, string index = "")
    {
        _switch.Ip($"link add {netdev} {index} type veth peer name eth0 netns {user.Name}");
        user.Ip("link set eth0 up");
    }

    private static unsafe void Write(Tun tap, Offload offload, byte[] frame)
    {
        byte[] message = [.. new ReadOnlySpan<byte>(&offload, Offload.HeaderSize), .. frame];
        fixed (byte* data = message)
            Assert.Equal(message.Length, FrameIo.Write(tap.Descriptor.Number, data, message.Length));
    }

    private PacketPort Open(string netdev) => PacketPort.Open(new PacketOptions { Name = netdev, Namespace = _switch.Name });

    private bool IsHostAnswering() => Shell.TryRun(_left.Inside("ping -c 1 -W 1 10.9.0.1")).Status == 0;

    private string Ipv6Switch() => _switch.Run("cat /proc/sys/net/ipv6/conf/left0/disable_ipv6").Trim();

    /// <summary>What tcpdump prints of the first frame that reaches the user's end.</summary>
    private string Capture(Action action)
    {
        using Process tcpdump = Shell.Start(_left.Inside("tcpdump -i eth0 -e -n -c 1 -l -Q in"));
        while (tcpdump.StandardError.ReadLine() is { } line && !line.Contains("listening on", StringComparison.Ordinal))
        {
        }
        action();
        return tcpdump.StandardOutput.ReadToEnd();
    }
}

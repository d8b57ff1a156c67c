using System.Net.Sockets;
using VSwitch.Frames;
using VSwitch.Linux;
using VSwitch.Wire;

namespace VSwitch.Ports.Tests;

/// <summary>What is particular to TAP ports: the life of the netdev.</summary>
public sealed class TapPortTests : IDisposable
{
    private readonly TestNamespace _namespace = new();

    [Fact]
    public void MakesTheNetdevAsAsked()
    {
        MacAddress address = MacAddress.Parse("02:00:5e:10:20:30");
        TapPort port = Open(new TapOptions { Name = "vm%d", Address = address, MtuBytes = 9000 });

        Assert.Equal("vm0", port.Name);
        Assert.Equal(address, port.Address);
        Assert.Equal(9000, port.MtuBytes);
        Assert.True(port.IsLinkUp);
        string shown = _namespace.Ip("-d link show vm0");
        Assert.Contains("02:00:5e:10:20:30", shown, StringComparison.Ordinal);
        Assert.Contains("mtu 9000", shown, StringComparison.Ordinal);
        Assert.Contains("vnet_hdr on", shown, StringComparison.Ordinal);
        Assert.Contains("persist off", shown, StringComparison.Ordinal);
        Assert.Contains("qlen 10000\n", shown, StringComparison.Ordinal);
        port.Close();
        Assert.DoesNotContain("vm0", _namespace.Ip("link show"), StringComparison.Ordinal);
    }

    [Fact]
    public void AcceptsFramesWithEveryOffload()
    {
        TapPort port = Open(new TapOptions { Name = "eth0" });

        string features = _namespace.Run("ethtool -k eth0");

        Assert.Contains("tx-checksum-ip-generic: on", features, StringComparison.Ordinal);
        Assert.Contains("tx-tcp-segmentation: on", features, StringComparison.Ordinal);
        Assert.Contains("tx-tcp6-segmentation: on", features, StringComparison.Ordinal);
        Assert.Contains("tx-tcp-ecn-segmentation: on", features, StringComparison.Ordinal);
        Assert.Equal(port.Offloads.HasFlag(OffloadSet.Uso), features.Contains("tx-udp-segmentation: on", StringComparison.Ordinal));
        port.Close();
    }

    /// <summary>Anybody may use an abstract unix socket: what was sent to it would be closed with the port, and that may wait.</summary>
    [Theory]
    [InlineData(SocketType.Dgram)]
    [InlineData(SocketType.Stream)]
    [InlineData(SocketType.Seqpacket)]
    public void TakesNothingFromStrangersAtItsClaim(SocketType type)
    {
        TapPort port = Open(new TapOptions { Name = "eth0" });
        using Socket stranger = NetworkNamespace.Run(_namespace.Name, () => new Socket(AddressFamily.Unix, type, ProtocolType.Unspecified));

        var refused = Assert.Throws<SocketException>(() => stranger.Connect(new UnixDomainSocketEndPoint("\0vswitch-Tap-eth0")));

        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        Assert.Throws<PortException>(() => Open(new TapOptions { Name = "eth0" }));
        port.Close();
    }

    [Fact]
    public void FindsItsPersistentNetdevAgain()
    {
        var options = new TapOptions { Name = "eth0", IsPersistent = true };
        TapPort first = Open(options);
        MacAddress address = first.Address;
        first.Close();
        Assert.Contains("eth0", _namespace.Ip("link show"), StringComparison.Ordinal);
        _namespace.Ip("link set eth0 txqueuelen 77");

        TapPort second = Open(options);
        Assert.Equal(address, second.Address);
        Assert.Contains("qlen 77\n", _namespace.Ip("link show eth0"), StringComparison.Ordinal);
        second.Remove();
        second.Remove();
        Assert.DoesNotContain("eth0", _namespace.Ip("link show"), StringComparison.Ordinal);
    }

    [Fact]
    public void OpensANetdevThatItsUserMade()
    {
        _namespace.Ip("tuntap add mode tap name eth0 vnet_hdr");

        TapPort port = Open(new TapOptions { Name = "eth0" });

        Assert.Equal("eth0", port.Name);
        port.Close();
        Assert.Contains("qlen 1000\n", _namespace.Ip("link show eth0"), StringComparison.Ordinal);
    }

    [Fact]
    public void OpensSeveralQueues()
    {
        TapPort port = Open(new TapOptions { Name = "eth0", QueueCount = 2 });

        Assert.Equal(2, port.ReceiveQueues.Count);
        Assert.NotEqual(port.ReceiveQueues[0].WaitHandle, port.ReceiveQueues[1].WaitHandle);
        Assert.Contains("numtxqueues 256", _namespace.Ip("-d link show eth0"), StringComparison.Ordinal);
        Assert.Contains("qlen 1000\n", _namespace.Ip("link show eth0"), StringComparison.Ordinal);
        port.Close();
    }

    /// <summary>A VEM that is started anew may have another number of workers.</summary>
    [Theory]
    [InlineData(1, 2, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(2, 3, 3)]
    public void OpensItsNetdevAgainForOtherWorkers(int before, int after, int queues)
    {
        Open(new TapOptions { Name = "eth0", QueueCount = before, IsPersistent = true }).Close();

        TapPort port = Open(new TapOptions { Name = "eth0", QueueCount = after, IsPersistent = true });

        Assert.Equal(queues, port.ReceiveQueues.Count);
        using var peer = new RawPeer(_namespace, "eth0");
        using var batch = new FrameBatch();
        port.Start();
        int received = 0;
        for (int i = 0; i < 64 && received == 0; i++)
        {
            peer.Send(TestFrames.Plain());
            // Which of them has it is the kernel's choice, another one after each boot.
            foreach (IReceiveQueue queue in port.ReceiveQueues)
            {
                received += queue.ReceiveSoon(batch, milliseconds: 50);
                queue.Release(batch);
            }
        }
        Assert.NotEqual(0, received);
        port.Remove();
    }

    [Fact]
    public void ShowsTheCableBetweenStartAndStop()
    {
        TapPort port = Open(new TapOptions { Name = "eth0" });
        Assert.False(HasCarrier());
        port.Start();
        Assert.True(HasCarrier());
        port.SetCarrier(false);
        Assert.False(HasCarrier());
        port.SetCarrier(true);
        Assert.True(HasCarrier());
        port.Stop();
        Assert.False(HasCarrier());
        port.Close();
    }

    [Fact]
    public void FollowsItsNetdev()
    {
        TapPort port = Open(new TapOptions { Name = "eth0" });
        using var other = new TestNamespace();

        _namespace.Ip("link set eth0 down");
        port.RefreshLink();
        Assert.False(port.IsLinkUp);

        port.Start();
        _namespace.Ip("link set eth0 up");
        port.RefreshLink();
        Assert.True(port.IsLinkUp);
        _namespace.Ip("link set eth0 carrier off");
        port.RefreshLink();
        Assert.False(port.IsLinkUp);
        _namespace.Ip("link set eth0 carrier on");
        port.RefreshLink();
        Assert.True(port.IsLinkUp);

        _namespace.Ip("link set eth0 down");
        _namespace.Ip("link set eth0 name wan0");
        _namespace.Ip("link set wan0 netns " + other.Name);
        other.Ip("link set wan0 mtu 1400 up");
        port.RefreshLink();
        Assert.Equal("wan0", port.Name);
        Assert.Equal(1400, port.MtuBytes);
        Assert.True(port.IsLinkUp);

        other.Ip("link del wan0");
        port.RefreshLink();
        Assert.False(port.IsLinkUp);
        port.Remove();
    }

    [Fact]
    public void SaysWhyItCannotOpen()
    {
        var noNamespace = Assert.Throws<PortException>(() => TapPort.Open(new TapOptions { Name = "eth0", Namespace = "vsw-test-none" }));
        Assert.StartsWith("there is no network namespace 'vsw-test-none'", noNamespace.Message, StringComparison.Ordinal);
        Assert.Equal(Errno.ENOENT, Assert.IsType<LinuxException>(noNamespace.InnerException).Errno);

        TapPort first = Open(new TapOptions { Name = "eth0" });
        _namespace.Ip("link add taken type bridge");
        var taken = Assert.Throws<PortException>(() => Open(new TapOptions { Name = "taken" }));
        Assert.Equal("there is a netdev taken already, and it is no TAP (TUNSETIFF on taken); attach it as a packet port", taken.Message);
        var noName = Assert.Throws<PortException>(() => TapPort.Open(new TapOptions { Name = "eth0", Namespace = "/proc/version" }));
        Assert.Equal("there is no network namespace '/proc/version'", noName.Message);
        Assert.Throws<PortException>(() => Open(new TapOptions { Name = "longer-than-15-bytes" }));
        using (NetworkNamespace.Run(_namespace.Name, () => Tun.Open("eth2", false)))
        {
            var open = Assert.Throws<PortException>(() => Open(new TapOptions { Name = "eth2" }));
            Assert.StartsWith("another program has the TAP netdev eth2 open", open.Message, StringComparison.Ordinal);
        }
        first.Close();

        Assert.Throws<PortException>(() => Open(new TapOptions { Name = "eth1", MtuBytes = 1 << 20, IsPersistent = true }));
        Assert.DoesNotContain("eth1", _namespace.Ip("link show"), StringComparison.Ordinal);
    }

    /// <summary>The kernel keeps as many frames as the netdev's queue is long, or a few less, and counts the others.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void ReceivesWhatTheNetdevsQueueHolds(int length)
    {
        TapPort port = Open(new TapOptions { Name = "eth0" });
        _namespace.Ip($"link set eth0 txqueuelen {length}");
        using var peer = new RawPeer(_namespace, "eth0");
        using var batch = new FrameBatch();
        IReceiveQueue queue = port.ReceiveQueues[0];
        port.Start();
        do
            peer.Send(TestFrames.Plain());
        while (queue.ReceiveSoon(batch, milliseconds: 50) == 0);
        queue.Release(batch);
        int droppedBefore = CountDropped();

        int received = 0;
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < length + 10; i++)
                peer.Send(TestFrames.Plain(seed: (byte)i));
            byte next = 0;
            while (queue.ReceiveSoon(batch, milliseconds: 20) > 0)
            {
                for (int i = 0; i < batch.Count; i++)
                    Assert.Equal(TestFrames.Plain(seed: next++), batch[i].Bytes());
                queue.Release(batch);
            }
            Assert.InRange(next, Math.Max(1, length - 16), length);
            received += next;
        }
        Assert.Equal(3 * (length + 10), received + CountDropped() - droppedBefore);
        port.RefreshLink();
        Assert.Equal((ulong)CountDropped(), port.LostFrames);
        port.Close();

        TapPort again = Open(new TapOptions { Name = "eth0" });
        Assert.Equal(0UL, again.LostFrames);
        again.Close();

        int CountDropped() => int.Parse(_namespace.Run("cat /sys/class/net/eth0/statistics/tx_dropped"));
    }

    [Fact]
    public void TcpCrossesTwoPortsInGsoFrames()
    {
        using var right = new TestNamespace();
        TapPort leftPort = Open(new TapOptions { Name = "eth0" });
        TapPort rightPort = TapPort.Open(new TapOptions { Name = "eth0", Namespace = right.Name });

        TcpTransfer.Judge(_namespace, right, leftPort, rightPort);

        leftPort.Close();
        rightPort.Close();
    }

    /// <summary>With the header put before the bytes where they lie, behind them as a piece of its own, and with a tag put in.</summary>
    [Theory]
    [InlineData(Offload.HeaderSize, SendEntry.Untagged)]
    [InlineData(Offload.HeaderSize - 1, SendEntry.Untagged)]
    [InlineData(0, SendEntry.Untagged)]
    [InlineData(Offload.HeaderSize, 0x2005)]
    public void SendsAFrameByTwoPortsAndLeavesItsBytesAlone(int headroomBytes, int tci)
    {
        TapPort[] ports = [.. Enumerable.Range(0, 3).Select(i => Open(new TapOptions { Name = $"eth{i}" }))];
        RawPeer[] peers = [.. ports.Select(port => new RawPeer(_namespace, port.Name))];
        ISendQueue[] queues = [.. ports.Select(port => port.OpenSendQueue(0))];
        foreach (TapPort port in ports)
            port.Start();
        using var batch = new FrameBatch();
        byte[] first = TestFrames.Plain(seed: 1), second = TestFrames.Plain(bytes: 1514, seed: 2);
        do
            peers[0].Send(first);
        while (ports[0].ReceiveQueues[0].ReceiveSoon(batch, milliseconds: 50) == 0);
        peers[0].Send(second);
        while (batch.Count < 2 || batch[batch.Count - 1].FrameBytes != second.Length)
            ports[0].ReceiveQueues[0].Receive(batch);
        TestFrames.Parse(batch);
        int last = batch.Count - 1;

        var counters = new PortCounters();
        foreach (int index in (int[])[0, last])
            batch[index].HeadroomBytes = (ushort)headroomBytes;
        for (int port = 1; port < ports.Length; port++)
        {
            var copies = new SendList();
            copies.Add(0, tci);
            copies.Add(last, tci);
            queues[port].Send(batch, copies, counters);
        }

        Assert.Equal(first, batch[0].Bytes());
        Assert.Equal(second, batch[last].Bytes());
        Assert.Equal(4UL, counters.Sent);
        for (int port = 1; port < ports.Length; port++)
        {
            Assert.Equal(first, peers[port].Receive(like: first));
            Assert.Equal(second, peers[port].Receive(like: second));
        }
        ports[0].ReceiveQueues[0].Release(batch);
        for (int port = 0; port < ports.Length; port++)
        {
            peers[port].Dispose();
            ports[port].Close();
        }
    }

    public void Dispose() => _namespace.Dispose();

    private TapPort Open(TapOptions options) => TapPort.Open(options with { Namespace = _namespace.Name });

    private bool HasCarrier() => !_namespace.Ip("link show eth0").Contains("NO-CARRIER", StringComparison.Ordinal);
}

using VSwitch.Frames;
using VSwitch.Linux;

namespace VSwitch.Ports.Tests;

/// <summary>Batch behind batch, all of them full: a TAP port tries then whether one system call for all frames is faster.</summary>
public sealed class TapBurstTests : IDisposable
{
    private const int BatchCount = 2 * FasterWay.PairCount + 10;
    private const int FrameCount = BatchCount * FrameBatch.Capacity;

    private readonly TestNamespace _namespace = new();
    private readonly FrameBatch _batch = new();

    [Fact]
    public void ReceivesEveryFrameInOrder()
    {
        (TapPort port, RawPeer peer) = Open("eth0");
        for (int i = 0; i < FrameCount; i++)
            peer.Send(Numbered(i));

        for (int i = 0; i < FrameCount;)
        {
            Assert.Equal(FrameBatch.Capacity, Receive(port));
            for (int frame = 0; frame < _batch.Count; frame++)
                Assert.Equal(Numbered(i++), _batch[frame].Bytes());
            port.ReceiveQueues[0].Release(_batch);
        }
        Assert.Equal(0, Receive(port));

        peer.Send(Numbered(1));
        Assert.Equal(1, Receive(port));
        Assert.Equal(Numbered(1), _batch[0].Bytes());
        peer.Dispose();
        port.Close();
    }

    /// <summary>One by one, large frames end a batch early.</summary>
    [Fact]
    public void ReceivesAFullBatchOfTheLargestFramesAtOnce()
    {
        const int mtuBytes = 65_521;
        (TapPort port, RawPeer peer) = Open("eth0");
        _namespace.Ip($"link set eth0 mtu {mtuBytes}");
        for (int i = 0; i < 2 * FrameBatch.Capacity; i++)
            peer.Send(TestFrames.Plain());
        for (int i = 0; i < FrameBatch.Capacity; i++)
            peer.Send(TestFrames.Plain(bytes: mtuBytes + 14, seed: (byte)i));
        for (int batch = 0; batch < 2; batch++)
        {
            Assert.Equal(FrameBatch.Capacity, Receive(port));
            port.ReceiveQueues[0].Release(_batch);
        }

        bool isAtOnce = IoRing.OfThread()?.Serves(port.ReceiveQueues[0].WaitHandle) ?? false;
        for (int i = 0; i < FrameBatch.Capacity;)
        {
            int received = Receive(port);
            Assert.True(isAtOnce ? received == FrameBatch.Capacity : received is > 0 and < 10, $"a batch of {received}");
            for (int frame = 0; frame < received; frame++)
                Assert.Equal(TestFrames.Plain(bytes: mtuBytes + 14, seed: (byte)i++), _batch[frame].Bytes());
            Assert.Equal(_batch.All, _batch.Alive);
            port.ReceiveQueues[0].Release(_batch);
        }
        peer.Dispose();
        port.Close();
    }

    /// <summary>With the header put before the bytes where they lie, and with a tag put in.</summary>
    [Theory]
    [InlineData(SendEntry.Untagged)]
    [InlineData(0x2005)]
    public void SendsEveryFrameInOrder(int tci)
    {
        (TapPort from, RawPeer sender) = Open("eth0");
        (TapPort to, RawPeer receiver) = Open("eth1");
        ISendQueue queue = to.OpenSendQueue(0);
        var counters = new PortCounters();
        for (int i = 0; i < FrameCount; i++)
            sender.Send(Numbered(i));

        for (int i = 0; i < FrameCount;)
        {
            Assert.Equal(FrameBatch.Capacity, Receive(from));
            SendAll(queue, tci, counters);
            for (int frame = 0; frame < FrameBatch.Capacity; frame++, i++)
            {
                Assert.Equal(Numbered(i), _batch[frame].Bytes());
                Assert.Equal(Numbered(i), receiver.Receive(like: Numbered(i)));
            }
            from.ReceiveQueues[0].Release(_batch);
        }
        Assert.Equal((ulong)FrameCount, counters.Sent);
        Close(from, sender, to, receiver);
    }

    [Fact]
    public void CountsEveryFrameThatANetdevRefuses()
    {
        (TapPort from, RawPeer sender) = Open("eth0");
        (TapPort to, RawPeer receiver) = Open("eth1");
        ISendQueue queue = to.OpenSendQueue(0);
        var counters = new PortCounters();
        for (int i = 0; i < FrameBatch.Capacity; i++)
            sender.Send(Numbered(i));
        Assert.Equal(FrameBatch.Capacity, Receive(from));
        _namespace.Ip("link set eth1 down");

        for (int batch = 0; batch < BatchCount; batch++)
            SendAll(queue, SendEntry.Untagged, counters);

        Assert.Equal((ulong)FrameCount, counters.Drops(DropReason.LinkDown));
        Assert.Equal(0UL, counters.Sent);
        from.ReceiveQueues[0].Release(_batch);
        Close(from, sender, to, receiver);
    }

    /// <summary>After each number of full batches: it may be read one by one or at once then.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void NoticesThatTheNetdevIsGone(int batches)
    {
        (TapPort port, RawPeer peer) = Open("eth0");
        for (int i = 0; i < (batches + 1) * FrameBatch.Capacity; i++)
            peer.Send(Numbered(i));
        for (int batch = 0; batch < batches; batch++)
        {
            Assert.Equal(FrameBatch.Capacity, Receive(port));
            port.ReceiveQueues[0].Release(_batch);
        }
        _namespace.Ip("link del eth0");

        Assert.Equal(0, Receive(port));

        Assert.True(port.IsGone);
        peer.Dispose();
        port.Close();
    }

    public void Dispose()
    {
        _batch.Dispose();
        _namespace.Dispose();
    }

    private static byte[] Numbered(int number)
    {
        byte[] frame = TestFrames.Plain(bytes: 60 + number * 7 % 1400, seed: (byte)number);
        BitConverter.TryWriteBytes(frame.AsSpan(20), number);
        return frame;
    }

    private static void Close(TapPort from, RawPeer sender, TapPort to, RawPeer receiver)
    {
        sender.Dispose();
        receiver.Dispose();
        from.Close();
        to.Close();
    }

    /// <summary>A port that frames pass, and nothing in its queue.</summary>
    private (TapPort Port, RawPeer Peer) Open(string name)
    {
        TapPort port = TapPort.Open(new TapOptions { Name = name, Namespace = _namespace.Name });
        var peer = new RawPeer(_namespace, name);
        port.Start();
        do
            peer.Send(TestFrames.Plain());
        while (port.ReceiveQueues[0].ReceiveSoon(_batch, milliseconds: 50) == 0);
        do
            port.ReceiveQueues[0].Release(_batch);
        while (port.ReceiveQueues[0].ReceiveSoon(_batch, milliseconds: 20) > 0);
        return (port, peer);
    }

    private int Receive(TapPort port)
    {
        _batch.Clear();
        int received = port.ReceiveQueues[0].Receive(_batch);
        TestFrames.Parse(_batch);
        return received;
    }

    private void SendAll(ISendQueue queue, int tci, PortCounters counters)
    {
        var copies = new SendList();
        for (int i = 0; i < _batch.Count; i++)
            copies.Add(i, tci);
        queue.Send(_batch, copies, counters);
    }
}

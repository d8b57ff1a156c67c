using VSwitch.Frames;
using VSwitch.Linux;

namespace VSwitch.Ports.Tests;

/// <summary>What reaches the VM's side, also when it does not keep up.</summary>
public sealed class StreamSendTests : IDisposable
{
    private readonly StreamBench _bench = new();

    [Fact]
    public void SendsEachFrameBehindItsLength()
    {
        byte[][] frames = [.. Enumerable.Range(0, 64).Select(i => TestFrames.Plain(bytes: 14 + i * 23, seed: (byte)i))];
        _bench.Connect();

        _bench.Send(frames);

        foreach (byte[] frame in frames)
            Assert.Equal(frame, _bench.Peer.ReceiveFrame());
        Assert.Equal((ulong)frames.Length, _bench.Counters.Sent);
    }

    [Fact]
    public unsafe void SendsMoreSegmentsThanOneCallTakes()
    {
        using var batch = new FrameBatch();
        var copies = new SendList();
        byte[] bytes = GC.AllocateArray<byte>(1514, pinned: true);
        TestFrames.Plain(bytes: 1514).CopyTo(bytes, 0);
        _bench.Connect();
        fixed (byte* data = bytes)
        {
            for (int i = 0; i < FrameBatch.Capacity; i++)
                Scatter(batch, data, tailCount: FrameBatch.SegmentCapacity / FrameBatch.Capacity);
            TestFrames.Parse(batch);
            for (int i = 0; i < FrameBatch.Capacity; i++)
                copies.Add(i, tci: 0x2001);
            _bench.Port.OpenSendQueue(1).Send(batch, copies, _bench.Counters);
        }

        byte[] tagged = TestFrames.WithTag(bytes, 0x8100, 0x2001);
        for (int i = 0; i < FrameBatch.Capacity; i++)
            Assert.Equal(tagged, _bench.Peer.ReceiveFrame());
    }

    [Fact]
    public void NeverSendsHalfAFrameAndThenAnother()
    {
        _bench.Connect();
        var sent = new List<byte[]>();
        var random = new Random(1);
        for (int round = 0; round < 3; round++)
        {
            byte[][] frames = [.. Enumerable.Range(0, 64).Select(i => TestFrames.Plain(random.Next(60, 1515), seed: (byte)i))];
            while (_bench.Counters.Drops(DropReason.RingFull) == 0)
            {
                ulong before = _bench.Counters.Sent;
                _bench.Send(frames);
                sent.AddRange(frames.Take((int)(_bench.Counters.Sent - before)));
            }

            Assert.True(sent.Count > 100);
            ReadAll(sent);
            _bench.Counters.Drops(DropReason.RingFull) = 0;
            sent.Clear();
        }
        Assert.Equal(0UL, _bench.Counters.Drops(DropReason.LinkDown));
    }

    [Fact]
    public void DropsTheRestOfABatchThatDoesNotFit()
    {
        _bench.Connect();
        _bench.Port.SetMtu(9000);
        byte[][] frames = [.. Enumerable.Range(0, 50).Select(i => TestFrames.Plain(bytes: 9014, seed: (byte)i))];
        while (_bench.Counters.Drops(DropReason.RingFull) == 0)
            _bench.Send(frames);

        int sent = (int)_bench.Counters.Sent;
        Assert.Equal(0UL, (_bench.Counters.Sent + _bench.Counters.Drops(DropReason.RingFull)) % 50);
        ReadAll([.. Enumerable.Range(0, sent).Select(i => frames[i % 50])]);
    }

    [Fact]
    public void CarriesJumboFramesUpToTheMtuThatItWasOpenedWith()
    {
        using var bench = new StreamBench(mtuBytes: 9000);
        byte[] frame = TestFrames.Plain(bytes: 9014), next = TestFrames.Plain(bytes: 9014, seed: 1);
        bench.Connect();

        bench.Send(frame, TestFrames.Plain(bytes: 9015), next);

        Assert.Equal(frame, bench.Peer.ReceiveFrame());
        Assert.Equal(next, bench.Peer.ReceiveFrame());
        Assert.Equal(2UL, bench.Counters.Sent);
        Assert.Equal(1UL, bench.Counters.Drops(DropReason.MtuExceeded));
        bench.Peer.Send(frame);
        Assert.Equal(frame, Assert.Single(bench.Receive(1)));
    }

    [Fact]
    public void StartsAfreshWithTheNextPeer()
    {
        _bench.Connect();
        while (_bench.Counters.Drops(DropReason.RingFull) == 0)
            _bench.Send(TestFrames.Plain(bytes: 1514));
        _bench.Peer.HangUp();
        _bench.Queue.AssertSleepsSoon();
        _bench.Connect();

        _bench.Send(TestFrames.Plain(seed: 9));

        Assert.Equal(TestFrames.Plain(seed: 9), _bench.Peer.ReceiveFrame());
    }

    [Fact]
    public void CountsFramesToNobody()
    {
        _bench.Send(TestFrames.Plain(), TestFrames.Plain());

        Assert.Equal(2UL, _bench.Counters.Drops(DropReason.LinkDown));
        Assert.Equal(0UL, _bench.Counters.Sent);
    }

    [Fact]
    public async Task KeepsTheFramesOfTwoWorkersApart()
    {
        // So long that the kernel takes each in several parts.
        const int count = 8000;
        _bench.Port.SetMtu(65_535);
        _bench.Connect();
        Task<int[]> reading = OnItsOwnThread(() => ReadWorkersFrames(2 * count));
        ISendQueue[] queues = [_bench.Port.OpenSendQueue(0), _bench.Port.OpenSendQueue(1)];
        Task<ulong>[] sending =
            [.. queues.Select((queue, worker) => OnItsOwnThread(() => SendWorkersFrames(queue, worker, count)))];
        while (!reading.IsCompleted)
        {
            if (Poll.WaitReadable(_bench.Queue.WaitHandle, 1))
                _bench.Look();
        }

        int[] arrived = await reading;
        ulong[] sent = await Task.WhenAll(sending);
        Assert.Equal([count, count], arrived);
        Assert.Equal([count, count], sent);
    }

    public void Dispose() => _bench.Dispose();

    /// <summary>Reads these frames while the worker is woken to send what is left of the last, and then nothing more.</summary>
    private void ReadAll(IEnumerable<byte[]> frames)
    {
        foreach (byte[] frame in frames)
        {
            if (Poll.WaitReadable(_bench.Queue.WaitHandle, 0))
                _bench.Look();
            Assert.Equal(frame, _bench.Peer.ReceiveFrame());
        }
        Assert.False(_bench.Peer.IsReadable);
        Assert.False(Poll.WaitReadable(_bench.Queue.WaitHandle, 0));
    }

    private static Task<T> OnItsOwnThread<T>(Func<T> function) => Task.Factory.StartNew(
        function, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Sends a worker's frames until so many have gone, or the peer has.</summary>
    private static ulong SendWorkersFrames(ISendQueue queue, int worker, ulong count)
    {
        var counters = new PortCounters();
        byte[] frame = WorkersFrame(worker);
        while (counters.Sent < count && counters.Drops(DropReason.LinkDown) == 0)
            StreamBench.Send(queue, counters, frame);
        return counters.Sent;
    }

    /// <summary>A worker's frames have a length of their own.</summary>
    private static byte[] WorkersFrame(int worker) => TestFrames.Plain(bytes: 60_000 + worker, seed: (byte)worker);

    /// <summary>Counts the frames of each worker, every one of them whole, and hangs up.</summary>
    private int[] ReadWorkersFrames(int count)
    {
        int[] counts = new int[2];
        byte[][] expected = [WorkersFrame(0), WorkersFrame(1)];
        try
        {
            for (int i = 0; i < count; i++)
            {
                byte[] frame = _bench.Peer.ReceiveFrame();
                int worker = frame.Length - expected[0].Length;
                Assert.InRange(worker, 0, 1);
                Assert.True(frame.AsSpan().SequenceEqual(expected[worker]), $"a frame of worker {worker} has other bytes");
                counts[worker]++;
            }
        }
        finally
        {
            _bench.Peer.HangUp();
        }
        return counts;
    }

    /// <summary>Lends one frame in pieces.</summary>
    private static unsafe void Scatter(FrameBatch batch, byte* data, int tailCount)
    {
        const int headBytes = 100, pieceBytes = 80;
        ref Frame frame = ref batch.Add();
        frame.Lend(data, headBytes, slot: 0);
        frame.Tail = batch.TakeSegments(tailCount);
        frame.TailCount = tailCount;
        frame.FrameBytes = 1514;
        for (int i = 0; i < tailCount; i++)
        {
            int offset = headBytes + i * pieceBytes;
            int bytes = i < tailCount - 1 ? pieceBytes : 1514 - offset;
            frame.Tail[i] = new Segment { Data = data + offset, Bytes = (nuint)bytes };
        }
    }
}

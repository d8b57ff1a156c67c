using System.Buffers.Binary;
using VSwitch.Frames;
using VSwitch.Linux;

namespace VSwitch.Ports.Tests;

/// <summary>What a stream port makes of a peer's bytes, however they are cut and whatever the peer is up to.</summary>
public sealed class StreamReceiveTests : IDisposable
{
    private readonly StreamBench _bench = new();

    [Fact]
    public void PutsFramesTogetherByteByByte()
    {
        byte[][] frames = [TestFrames.Plain(), TestFrames.Plain(bytes: 14, seed: 2), TestFrames.Plain(bytes: 129, seed: 3)];
        var received = new List<byte[]>();
        foreach (byte one in frames.SelectMany(StreamPeer.OnTheStream))
        {
            _bench.Peer.SendBytes([one]);
            _bench.Batch.Clear();
            _bench.Queue.Receive(_bench.Batch);
            for (int i = 0; i < _bench.Batch.Count; i++)
                received.Add(_bench.Batch[i].Bytes());
            _bench.Queue.Release(_bench.Batch);
        }
        Assert.Equal(frames, received);
    }

    [Fact]
    public async Task PutsFramesOfEveryLengthTogether()
    {
        // Many times the pipe's blocks, so that frames begin and end everywhere in them.
        byte[][] frames = [.. Enumerable.Range(0, 3000).Select(i => TestFrames.Plain(bytes: 14 + i * 37 % 9000, seed: (byte)i))];
        Task sending = SendInTheBackground(frames);

        List<byte[]> received = _bench.Receive(frames.Length);

        await sending;
        Assert.Equal(frames.Length, received.Count);
        for (int i = 0; i < frames.Length; i++)
            Assert.True(frames[i].AsSpan().SequenceEqual(received[i]), $"frame {i} of {frames[i].Length} bytes");
    }

    [Fact]
    public async Task TakesTheLongestFrames()
    {
        byte[][] frames = [.. Enumerable.Range(0, 20).Select(i => TestFrames.Plain(bytes: 65_600 - i, seed: (byte)i))];
        Task sending = SendInTheBackground(frames);

        List<byte[]> received = _bench.Receive(frames.Length);

        await sending;
        Assert.Equal(frames, received);
    }

    [Fact]
    public void LendsManyBatchesAndTakesThemBackInOrder()
    {
        var batches = new Queue<FrameBatch>();
        byte next = 0, oldest = 0;
        for (int round = 0; round < 400; round++)
        {
            var batch = new FrameBatch();
            _bench.Peer.Send(TestFrames.Plain(bytes: 1514, seed: next++));
            Assert.Equal(1, _bench.Queue.ReceiveSoon(batch));
            batches.Enqueue(batch);
            if (batches.Count < 100)
                continue;
            using FrameBatch first = batches.Dequeue();
            Assert.Equal(TestFrames.Plain(bytes: 1514, seed: oldest++), first[0].Bytes());
            _bench.Queue.Release(first);
        }
        foreach (FrameBatch batch in batches)
        {
            Assert.Equal(TestFrames.Plain(bytes: 1514, seed: oldest++), batch[0].Bytes());
            _bench.Queue.Release(batch);
            batch.Dispose();
        }
    }

    [Fact]
    public void WaitsForMemoryUntilFramesAreReleased()
    {
        var batches = new List<FrameBatch>();
        int received;
        do
        {
            var batch = new FrameBatch();
            batches.Add(batch);
            _bench.Peer.Send(TestFrames.Plain(bytes: 60_000, seed: (byte)batches.Count));
            received = _bench.Queue.ReceiveSoon(batch);
            received += received == 0 ? _bench.Queue.Receive(batch) : 0;
        }
        while (received > 0 && batches.Count < 100);

        Assert.InRange(batches.Count, 9, 99);
        foreach (FrameBatch batch in batches)
            _bench.Queue.Release(batch);
        Assert.Equal(TestFrames.Plain(bytes: 60_000, seed: (byte)batches.Count), _bench.Receive(1)[0]);
        batches.ForEach(batch => batch.Dispose());
    }

    [Fact]
    public void SaysThatThereIsMoreWhenTheBatchIsFull()
    {
        byte[] burst = [.. Enumerable.Range(0, 100).SelectMany(i => StreamPeer.OnTheStream(TestFrames.Plain(seed: (byte)i)))];
        _bench.Connect();
        _bench.Peer.SendBytes(burst);

        Assert.Equal(FrameBatch.Capacity, _bench.Queue.ReceiveSoon(_bench.Batch));
        Assert.True(_bench.Queue.Arm());
        _bench.Queue.Release(_bench.Batch);
        Assert.Equal(100 - FrameBatch.Capacity, _bench.Queue.ReceiveSoon(_bench.Batch));
        Assert.False(_bench.Queue.Arm());
        _bench.Queue.Release(_bench.Batch);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(65_601u)]
    [InlineData(0x7FFF_FFFFu)]
    [InlineData(0x8000_0000u)]
    [InlineData(0xFFFF_FFFFu)]
    public void HangsUpOnALengthThatCannotBe(uint length)
    {
        byte[] prefix = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(prefix, length);
        _bench.Connect();
        _bench.Peer.SendBytes([.. StreamPeer.OnTheStream(TestFrames.Plain(seed: 1)), .. prefix, .. TestFrames.Plain(seed: 2)]);

        Assert.Equal(TestFrames.Plain(seed: 1), _bench.Receive(1)[0]);

        Assert.True(_bench.Peer.IsHungUp());
        Assert.False(_bench.Port.IsLinkUp);
        Assert.Equal(StreamFault.BadLength, _bench.Port.LastFault);
        string reason = $"nobody is connected to {_bench.SocketPath}; the last was sent away, bad-length";
        Until.True(() => _bench.Port.LinkDownReason == reason, reason);
        _bench.Peer.HangUp();
        _bench.Peer.Send(TestFrames.Plain(seed: 3));
        Assert.Equal(TestFrames.Plain(seed: 3), _bench.Receive(1)[0]);
        Assert.True(_bench.Port.IsLinkUp);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(40)]
    public void ForgetsHalfAFrameOfAPeerThatLeft(int bytes)
    {
        _bench.Connect();
        _bench.Peer.SendBytes(StreamPeer.OnTheStream(TestFrames.Plain(seed: 1)).AsSpan(0, bytes));
        _bench.Look();
        _bench.Peer.HangUp();
        _bench.LookUntil(StreamFault.Disconnected);
        Assert.False(_bench.Port.IsLinkUp);
        Until.True(() => _bench.Port.LinkDownReason == $"nobody is connected to {_bench.SocketPath}", "a reason without blame");

        _bench.Peer.Send(TestFrames.Plain(seed: 2));

        Assert.Equal(TestFrames.Plain(seed: 2), _bench.Receive(1)[0]);
    }

    [Fact]
    public void ReceivesWhatAPeerSentBeforeItLeft()
    {
        _bench.Peer.Send(TestFrames.Plain(seed: 1));
        _bench.Peer.HangUp();

        Assert.Equal(TestFrames.Plain(seed: 1), _bench.Receive(1)[0]);
    }

    [Fact]
    public void TakesTheNextPeerWhenTheLastOnesFramesAreReleased()
    {
        using var next = new FrameBatch();
        _bench.Peer.Send(TestFrames.Plain(seed: 1));
        Assert.Equal(1, _bench.Queue.ReceiveSoon(_bench.Batch));
        _bench.Peer.HangUp();
        Assert.Equal(0, _bench.Queue.Receive(next));
        Assert.False(_bench.Port.IsLinkUp);
        _bench.Peer.Send(TestFrames.Plain(seed: 2));

        Assert.Equal(0, _bench.Queue.Receive(next));
        Assert.Equal(TestFrames.Plain(seed: 1), _bench.Batch[0].Bytes());
        _bench.Queue.Release(_bench.Batch);
        Assert.Equal(TestFrames.Plain(seed: 2), _bench.Receive(1)[0]);
    }

    [Fact]
    public void KeepsASecondPeerWaitingInSilence()
    {
        using var second = new StreamPeer(_bench.SocketPath);
        _bench.Connect();
        second.Send(TestFrames.Plain(seed: 2));

        Assert.False(_bench.Queue.Arm());
        Assert.False(Poll.WaitReadable(_bench.Queue.WaitHandle, 0));
        _bench.Peer.Send(TestFrames.Plain(seed: 1));
        Assert.Equal(TestFrames.Plain(seed: 1), _bench.Receive(1)[0]);
        _bench.Peer.HangUp();
        Assert.Equal(TestFrames.Plain(seed: 2), _bench.Receive(1)[0]);
    }

    [Fact]
    public void TakesPeersThatComeAndGo()
    {
        for (int i = 0; i < 1000; i++)
        {
            _bench.Peer.SendBytes(StreamPeer.OnTheStream(TestFrames.Plain(seed: (byte)i)).AsSpan(0, i % 64));
            _bench.Peer.Finish();
            _bench.LookUntil(() => _bench.Peer.IsReadable);
            _bench.Peer.HangUp();
        }
        _bench.Peer.Send(TestFrames.Plain());
        Assert.Equal(TestFrames.Plain(), _bench.Receive(1)[0]);
    }

    public void Dispose() => _bench.Dispose();

    private Task SendInTheBackground(byte[][] frames)
    {
        byte[] bytes = [.. frames.SelectMany(StreamPeer.OnTheStream)];
        return Task.Run(() => _bench.Peer.SendBytes(bytes), TestContext.Current.CancellationToken);
    }
}

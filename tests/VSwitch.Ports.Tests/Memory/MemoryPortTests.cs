using VSwitch.Frames;
using VSwitch.Linux;

namespace VSwitch.Ports.Tests;

/// <summary>The port that stands in for others behaves like them.</summary>
public sealed class MemoryPortTests : IDisposable
{
    private readonly MemoryPort _port = new("memory0", queues: 2);
    private readonly MemoryPort _other = new("memory1");
    private readonly FrameBatch _batch = new();
    private readonly SendList _list = new();
    private readonly PortCounters _counters = new();

    public MemoryPortTests()
    {
        _port.Start();
        _other.Start();
    }

    public void Dispose()
    {
        _port.Close();
        _other.Close();
        _batch.Dispose();
    }

    [Fact]
    public void WhatIsInjectedIsReceived()
    {
        Offload offload = new() { Flags = OffloadFlags.DataValid };
        byte[] first = TestFrames.Plain(60, seed: 1), second = TestFrames.Plain(61, seed: 2);
        Assert.True(_port.Inject(first, offload));
        Assert.True(_port.Inject(second, outOfBandTci: 0x2064));
        Assert.True(_port.Inject(first, queue: 1));

        Assert.Equal(2, _port.ReceiveQueues[0].Receive(_batch));
        Assert.Equal(first, _batch[0].Bytes());
        Assert.Equal(offload, _batch[0].Offload);
        Assert.False(_batch[0].HasOutOfBandTag);
        Assert.Equal(second, _batch[1].Bytes());
        Assert.True(_batch[1].HasOutOfBandTag);
        Assert.Equal(0x2064, _batch[1].OutOfBandTci);

        Assert.Equal(1, _port.ReceiveQueues[1].Receive(_batch));
        Assert.Equal(0, _port.ReceiveQueues[0].Receive(_batch));
    }

    [Fact]
    public void WhatIsSentIsKept()
    {
        byte[] bytes = TestFrames.Plain();
        Receive(_port, bytes);
        Receive(_port, bytes);
        _list.Add(0, SendEntry.Untagged);
        _list.Add(1, tci: 5);
        _other.OpenSendQueue(worker: 0).Send(_batch, _list, _counters);

        Assert.Equal([bytes, TestFrames.WithTag(bytes, 0x8100, 5)], _other.TakeSent().Select(sent => sent.Bytes));
        Assert.Empty(_other.TakeSent());
    }

    /// <summary>The receiver's offloads and MTU are those of the moment.</summary>
    [Fact]
    public void OffloadsAndMtuAreSettable()
    {
        EgressPacket packet = new() { Payload = new byte[3000] };
        Receive(_port, packet.ToBytes(isPartial: true), packet.Gso(1460));
        _list.Add(0, SendEntry.Untagged);
        ISendQueue queue = _other.OpenSendQueue(worker: 0);

        queue.Send(_batch, _list, _counters);
        Assert.Equal(GsoType.TcpV4, Assert.Single(_other.TakeSent()).Offload.Gso);
        _other.Offloads = OffloadSet.None;
        queue.Send(_batch, _list, _counters);
        Assert.Equal(3, _other.TakeSent().Count);
        _other.MtuBytes = 1499;
        queue.Send(_batch, _list, _counters);
        Assert.Empty(_other.TakeSent());

        Assert.Equal(2UL, _counters.Sent);
        Assert.Equal(1UL, _counters.Drops(DropReason.MtuExceeded));
    }

    [Fact]
    public void AListThatNeedsSeveralPlansIsSentWhole()
    {
        EgressPacket packet = new() { Payload = new byte[20_000] };
        for (int i = 0; i < FrameBatch.Capacity; i++)
        {
            Assert.True(_port.Inject(packet.ToBytes(isPartial: true), packet.Gso(100)));
            _list.Add(i, SendEntry.Untagged);
        }
        Assert.Equal(FrameBatch.Capacity, _port.ReceiveQueues[0].Receive(_batch));
        TestFrames.Parse(_batch);

        _other.Offloads = OffloadSet.None;
        _other.OpenSendQueue(worker: 0).Send(_batch, _list, _counters);
        Assert.Equal(200 * FrameBatch.Capacity, _other.TakeSent().Count);
        Assert.Equal((ulong)FrameBatch.Capacity, _counters.Sent);
    }

    [Fact]
    public void JoinedPortsReceiveWhatTheOtherSends()
    {
        MemoryPort.Join(_port, _other);
        byte[] bytes = TestFrames.Plain();
        Receive(_port, bytes);
        _list.Add(0, tci: 5);
        _port.OpenSendQueue(worker: 3).Send(_batch, _list, _counters);
        Assert.Empty(_port.TakeSent());

        using FrameBatch received = new();
        Assert.Equal(1, _other.ReceiveQueues[0].Receive(received));
        Assert.Equal(TestFrames.WithTag(bytes, 0x8100, 5), received[0].Bytes());
        _other.ReceiveQueues[0].Release(received);
    }

    [Fact]
    public void AFullQueueTakesNoMoreUntilItsFramesAreReleased()
    {
        byte[] bytes = TestFrames.Plain();
        int count = 0;
        while (_port.Inject(bytes))
            count++;
        Assert.Equal(256, count);

        Assert.Equal(FrameBatch.Capacity, _port.ReceiveQueues[0].Receive(_batch));
        Assert.False(_port.Inject(bytes));
        _port.ReceiveQueues[0].Release(_batch);
        Assert.True(_port.Inject(bytes));
    }

    [Fact]
    public void AFullPeerIsCounted()
    {
        MemoryPort.Join(_port, _other);
        while (_other.Inject(TestFrames.Plain()))
        {
        }
        Receive(_port, TestFrames.Plain());
        _list.Add(0, SendEntry.Untagged);
        _port.OpenSendQueue(worker: 0).Send(_batch, _list, _counters);
        Assert.Equal(1UL, _counters.Drops(DropReason.RingFull));
        Assert.Equal(0UL, _counters.Sent);
    }

    [Fact]
    public void ALinkThatIsDownIsCounted()
    {
        MemoryPort.Join(_port, _other);
        _other.SetCarrier(false);
        Assert.False(_other.HasCarrier);
        Assert.False(_port.IsLinkUp);

        Receive(_port, TestFrames.Plain());
        _list.Add(0, SendEntry.Untagged);
        _port.OpenSendQueue(worker: 0).Send(_batch, _list, _counters);
        Assert.Equal(1UL, _counters.Drops(DropReason.LinkDown));
    }

    [Fact]
    public void TheWaitHandleSignalsOnceWhenArmed()
    {
        IReceiveQueue queue = _port.ReceiveQueues[0];
        Assert.False(queue.Arm());
        Assert.False(Poll.WaitReadable(queue.WaitHandle, 0));
        Assert.True(_port.Inject(TestFrames.Plain()));
        Assert.True(Poll.WaitReadable(queue.WaitHandle, 0));
        queue.Disarm();
        Assert.False(Poll.WaitReadable(queue.WaitHandle, 0));

        Assert.True(queue.Arm());
        Assert.Equal(1, queue.Receive(_batch));
        Assert.False(queue.Arm());
        queue.Disarm();
        Assert.True(_port.Inject(TestFrames.Plain()));
        Assert.False(Poll.WaitReadable(queue.WaitHandle, 0));
    }

    [Fact]
    public void NothingComesInBeforeStartOrAfterStop()
    {
        MemoryPort port = new("memory2");
        Assert.False(port.Inject(TestFrames.Plain()));
        port.Start();
        Assert.True(port.Inject(TestFrames.Plain()));
        port.Stop();
        Assert.False(port.Inject(TestFrames.Plain()));
        port.Close();
    }

    /// <summary>The bytes of a batch outlive the port, and both may close twice.</summary>
    [Fact]
    public void ClosingLeavesLentFramesAlone()
    {
        byte[] bytes = TestFrames.Plain();
        Receive(_port, bytes);
        ISendQueue sendQueue = _port.OpenSendQueue(worker: 0);
        _port.Close();
        _port.Close();
        Assert.Equal(bytes, _batch[0].Bytes());
        Assert.False(_port.Inject(bytes));

        _list.Add(0, SendEntry.Untagged);
        sendQueue.Send(_batch, _list, _counters);
        Assert.Equal(1UL, _counters.Drops(DropReason.LinkDown));

        _port.ReceiveQueues[0].Release(_batch);
        _batch.Clear();
        Assert.Equal(0, _port.ReceiveQueues[0].Receive(_batch));
    }

    [Fact]
    public void AJoinedPairAllocatesNothing()
    {
        MemoryPort.Join(_port, _other);
        ISendQueue sendQueue = _port.OpenSendQueue(worker: 0);
        byte[] bytes = TestFrames.Plain();
        Assert.True(_port.Inject(bytes));
        Assert.Equal(1, _port.ReceiveQueues[0].Receive(_batch));
        TestFrames.Parse(_batch);
        _list.Add(0, tci: 5);
        using FrameBatch received = new();
        SendAndReceive(sendQueue, received);

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 1000; i++)
                SendAndReceive(sendQueue, received);
        }));
        Assert.Equal(2001UL, _counters.Sent);
    }

    private void SendAndReceive(ISendQueue sendQueue, FrameBatch received)
    {
        sendQueue.Send(_batch, _list, _counters);
        received.Clear();
        _other.ReceiveQueues[0].Receive(received);
        _other.ReceiveQueues[0].Release(received);
    }

    private void Receive(MemoryPort port, byte[] bytes, Offload offload = default)
    {
        Assert.True(port.Inject(bytes, offload));
        Assert.Equal(1, port.ReceiveQueues[0].Receive(_batch));
        TestFrames.Parse(_batch);
        Assert.Equal(_batch.All, _batch.Alive);
    }
}

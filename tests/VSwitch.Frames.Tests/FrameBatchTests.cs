using VSwitch.Wire;

namespace VSwitch.Frames.Tests;

public sealed class FrameBatchTests : IDisposable
{
    private readonly FrameBatch _batch = new();

    public void Dispose() => _batch.Dispose();

    [Fact]
    public void FramesAreAliveUntilTheyAreDropped()
    {
        for (int i = 0; i < 3; i++)
            _batch.Add().Slot = i;
        Assert.Equal(3, _batch.Count);
        Assert.Equal(0b111UL, _batch.Alive);

        _batch.Drop(1, DropReason.AclIn);
        Assert.Equal(0b101UL, _batch.Alive);
        Assert.Equal(0b111UL, _batch.All);
        Assert.Equal(DropReason.AclIn, _batch[1].Drop);
        Assert.Equal(2, _batch[2].Slot);

        _batch.DropAll(DropReason.PortBlocked);
        Assert.Equal(0UL, _batch.Alive);
        Assert.Equal(DropReason.PortBlocked, _batch[0].Drop);
        Assert.Equal(DropReason.AclIn, _batch[1].Drop);
    }

    [Fact]
    public void AFullBatchUsesEveryBit()
    {
        for (int i = 0; i < FrameBatch.Capacity; i++)
        {
            Assert.Equal(FrameBatch.Capacity - i, _batch.Room);
            _batch.Add();
        }
        Assert.Equal(0, _batch.Room);
        Assert.Equal(ulong.MaxValue, _batch.Alive);
        Assert.Equal(ulong.MaxValue, _batch.All);
        Assert.Throws<ArgumentOutOfRangeException>(() => { _batch.Add(); });

        int walked = 0;
        for (ulong rest = _batch.Alive; rest != 0; rest &= rest - 1)
            Assert.Equal(walked++, FrameBatch.First(rest));
        Assert.Equal(FrameBatch.Capacity, walked);
    }

    [Fact]
    public void ClearEmptiesIt()
    {
        _batch.Add();
        _batch.Clear();
        Assert.Equal(0, _batch.Count);
        Assert.Equal(0UL, _batch.Alive);
        Assert.Equal(0UL, _batch.All);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(FrameBatch.Capacity)]
    public void AnIndexBeyondTheBatchIsRefused(int index) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => { _batch[index].Slot = 1; });

    [Fact]
    public unsafe void TheSegmentArenaIsBounded()
    {
        Segment* first = _batch.TakeSegments(1000);
        Segment* second = _batch.TakeSegments(24);
        Assert.True(second == first + 1000);
        Assert.True(_batch.TakeSegments(1) == null);

        _batch.Clear();
        Assert.True(_batch.TakeSegments(FrameBatch.SegmentCapacity + 1) == null);
        Assert.True(_batch.TakeSegments(FrameBatch.SegmentCapacity) == first);
    }

    [Fact]
    public unsafe void LendingForgetsTheFrameBefore()
    {
        byte[] bytes = [1, 2, 3, 4];
        fixed (byte* data = bytes)
        {
            ref Frame frame = ref _batch.Add();
            frame.Tail = _batch.TakeSegments(1);
            frame.TailCount = 1;
            frame.Offload = new Offload { Flags = OffloadFlags.NeedsChecksum };
            frame.HasOutOfBandTag = true;
            frame.Drop = DropReason.Runt;

            frame.Lend(data, frameBytes: 4, slot: 7);
            Assert.Equal(bytes, frame.Head);
            Assert.Equal((4, 0, 7), (frame.FrameBytes, frame.TailCount, frame.Slot));
            Assert.Equal(default, frame.Offload);
            Assert.False(frame.HasOutOfBandTag);
            Assert.Equal(DropReason.None, frame.Drop);
        }
    }

    [Fact]
    public unsafe void AFrameIsItsHeadAndItsTail()
    {
        byte[] bytes = [1, 2, 3, 4, 5, 6];
        fixed (byte* data = bytes)
        {
            ref Frame frame = ref _batch.Add();
            frame.Lend(data, frameBytes: 3, slot: 0);
            frame.Tail = _batch.TakeSegments(2);
            frame.Tail[0] = new Segment { Data = data + 3, Bytes = 1 };
            frame.Tail[1] = new Segment { Data = data + 4, Bytes = 2 };
            frame.TailCount = 2;
            frame.FrameBytes = 6;

            byte[] copy = new byte[6];
            Assert.Equal(6, frame.CopyTo(copy));
            Assert.Equal(bytes, copy);
        }
        Assert.Throws<ArgumentException>(() => { _batch[0].CopyTo(new byte[5]); });
    }

    [Fact]
    public void CountersTellDestinationsApart()
    {
        PortCounters counters = new();
        ref Frame frame = ref _batch.Add();
        frame.FrameBytes = 100;
        foreach (ulong destination in (ulong[])[0x0050_56B3_06D1, 0x0100_5E00_0001, 0x3333_0000_0001, MacAddress.Broadcast.Value])
        {
            frame.Headers.DestinationMac = destination;
            counters.CountReceived(in frame);
            counters.CountSent(in frame, 104);
        }

        Assert.Equal((1UL, 2UL, 1UL), (counters.ReceivedUnicast, counters.ReceivedMulticast, counters.ReceivedBroadcast));
        Assert.Equal((1UL, 2UL, 1UL), (counters.SentUnicast, counters.SentMulticast, counters.SentBroadcast));
        Assert.Equal((400UL, 416UL), (counters.ReceivedBytes, counters.SentBytes));
        Assert.Equal((4UL, 4UL), (counters.Received, counters.Sent));
    }
}

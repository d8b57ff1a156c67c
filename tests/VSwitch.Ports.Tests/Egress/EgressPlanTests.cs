using VSwitch.Frames;

namespace VSwitch.Ports.Tests;

/// <summary>The plan as a whole: its bounds, its counters, and that it allocates nothing.</summary>
public class EgressPlanTests
{
    [Theory]
    [InlineData(1514, 1500, true)]
    [InlineData(1515, 1500, false)]
    [InlineData(9014, 9000, true)]
    public void TheMtuCountsWithoutHeader(int frameBytes, int mtu, bool isSent)
    {
        using EgressRig rig = new();
        Assert.True(rig.Receive(new byte[frameBytes]));
        foreach (int tci in new[] { SendEntry.Untagged, 5 })
            Assert.Equal(isSent ? 1 : 0, rig.Send(tci, OffloadSet.All, mtu).Count);
        Assert.Equal(isSent ? 0UL : 2UL, rig.Counters.Drops(DropReason.MtuExceeded));
    }

    [Theory]
    [InlineData(1518, true)]
    [InlineData(1519, false)]
    public void AndWithoutTag(int frameBytes, bool isSent)
    {
        byte[] bytes = new byte[frameBytes];
        bytes[12] = 0x81;
        using EgressRig rig = new();
        Assert.True(rig.Receive(bytes));
        foreach (int tci in new[] { SendEntry.Untagged, 0, 5 })
            Assert.Equal(isSent ? 1 : 0, rig.Send(tci, OffloadSet.All, mtu: 1500).Count);
    }

    [Theory]
    [InlineData(1460, 60_000, true)]
    [InlineData(1461, 60_000, false)]
    [InlineData(9000, 1460, true)]
    [InlineData(9000, 1461, false)]
    public void OfAGsoFrameItCountsForThePieces(int segmentBytes, int payloadBytes, bool isSent)
    {
        foreach (int tci in new[] { SendEntry.Untagged, 5 })
        {
            EgressPacket packet = new() { Tci = tci, Payload = new byte[payloadBytes] };
            using EgressRig rig = new();
            Assert.True(rig.Receive(packet.ToBytes(isPartial: true), packet.Gso(segmentBytes)));
            foreach (OffloadSet offloads in new[] { OffloadSet.None, OffloadSet.All })
                Assert.Equal(isSent, rig.Send(tci: 7, offloads, mtu: 1500).Count != 0);
        }
    }

    [Fact]
    public void AFullPlanLeavesTheCopyToTheNextRound()
    {
        EgressPacket packet = new() { Payload = new byte[51_200] };
        using EgressRig rig = new();
        for (int i = 0; i < 3; i++)
            Assert.True(rig.Receive(packet.ToBytes(isPartial: true), packet.Gso(200)));

        Assert.True(TryAdd(rig, 0, OffloadSet.None));
        Assert.True(TryAdd(rig, 1, OffloadSet.None));
        Assert.Equal(512, rig.Plan.Count);
        Assert.False(TryAdd(rig, 2, OffloadSet.None));
        Assert.False(TryAdd(rig, 2, OffloadSet.All));
        Assert.Equal(512, rig.Plan.Count);
        Assert.Equal(2UL, rig.Counters.SoftwareSegmentations);

        rig.Plan.Clear();
        Assert.True(TryAdd(rig, 2, OffloadSet.None));
        Assert.Equal(256, rig.Plan.Count);
        Assert.Equal(3UL, rig.Counters.SoftwareSegmentations);
    }

    /// <summary>The segments run out before the wire frames do: 3 for each of 512 wire frames, and a batch's 1,024.</summary>
    [Theory]
    [InlineData(OffloadSet.None, 4, 2560 / 112)]
    [InlineData(OffloadSet.All, 1, 2560 / 103)]
    public void ManyRunsOfBytesFillAPlan(OffloadSet offloads, int pieces, int copies)
    {
        EgressPacket packet = new() { Payload = new byte[4000] };
        using EgressRig rig = new();
        int[] cuts = [.. Enumerable.Range(60, 100)];
        Assert.True(rig.Receive(packet.ToBytes(isPartial: true), packet.Gso(1000), cuts: cuts));
        int added = 0;
        while (TryAdd(rig, 0, offloads))
            added++;
        Assert.InRange(added, copies, copies + 1);
        Assert.Equal(added * pieces, rig.Plan.Count);
    }

    /// <summary>512 pieces, headers of 254 bytes, a tag more, and every tail segment of the batch.</summary>
    [Fact]
    public void AnEmptyPlanHasRoomForTheLargestCopy()
    {
        EgressPacket packet = new()
        {
            IsV6 = true,
            Extension = [6, 20, 1, 164, .. new byte[164]],
            TcpOptions = [.. Enumerable.Repeat((byte)1, 12)],
            Payload = EgressPacket.RandomBytes(new Random(1), 512 * 125),
        };
        Assert.Equal(254, packet.PayloadOffset);

        int[] cuts = [.. Enumerable.Range(0, FrameBatch.SegmentCapacity).Select(i => packet.PayloadOffset + 1 + i * 62)];
        EgressCase test = new(packet, SegmentBytes: 125, SendEntry.Untagged, SentTci: 9, cuts);
        Assert.Equal(test.Pieces(isPartial: false), test.Send(OffloadSet.None).Select(piece => piece.Hex));
    }

    [Fact]
    public void SettleCountsEveryCopyOnce()
    {
        EgressPacket large = new() { Payload = new byte[2500] };
        EgressPacket small = new() { Payload = new byte[100] };
        using EgressRig rig = new();
        Assert.True(rig.Receive(large.ToBytes(isPartial: true), large.Gso(1000)));
        Assert.True(rig.Receive(small.ToBytes(isPartial: false)));
        Assert.True(rig.Receive(large.ToBytes(isPartial: true), large.Gso(1000)));
        Assert.True(rig.Receive(small.ToBytes(isPartial: false)));
        for (int i = 0; i < rig.Batch.Count; i++)
            Assert.True(TryAdd(rig, i, OffloadSet.None));
        Assert.Equal([0, 0, 0, 1, 2, 2, 2, 3], Enumerable.Range(0, rig.Plan.Count).Select(i => rig.Plan[i].FrameIndex));

        rig.Plan[5].Failure = DropReason.RingFull;
        rig.Plan[6].Failure = DropReason.LinkDown;
        rig.Plan[7].Failure = DropReason.SendFailed;
        rig.Plan.Settle(rig.Batch, rig.Counters);

        Assert.Equal(2UL, rig.Counters.SentUnicast);
        Assert.Equal(3 * 58 + 2500 + 58 + 100UL, rig.Counters.SentBytes);
        Assert.Equal(1UL, rig.Counters.Drops(DropReason.RingFull));
        Assert.Equal(0UL, rig.Counters.Drops(DropReason.LinkDown));
        Assert.Equal(1UL, rig.Counters.Drops(DropReason.SendFailed));
    }

    [Fact]
    public void NothingIsAllocated()
    {
        EgressPacket packet = new() { Payload = new byte[60_000] };
        using EgressRig rig = new();
        Assert.True(rig.Receive(packet.ToBytes(isPartial: true), packet.Gso(1448), cuts: [1001, 2002]));
        Assert.True(rig.Receive(packet.ToBytes(isPartial: true), packet.PartialChecksum, cuts: 1001));
        Assert.True(rig.Receive(packet.ToBytes(isPartial: true)));
        SendAll(rig);

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 100; i++)
                SendAll(rig);
        }));
    }

    private static void SendAll(EgressRig rig)
    {
        foreach (OffloadSet offloads in (ReadOnlySpan<OffloadSet>)[OffloadSet.None, OffloadSet.Checksum, OffloadSet.All])
        {
            rig.Plan.Clear();
            for (int i = 0; i < rig.Batch.Count; i++)
                TryAdd(rig, i, offloads);
            rig.Plan.Settle(rig.Batch, rig.Counters);
        }
    }

    private static bool TryAdd(EgressRig rig, int frameIndex, OffloadSet offloads) =>
        rig.Plan.TryAdd(rig.Batch, new SendEntry(frameIndex, tci: 7), offloads, EgressRig.Mtu, rig.Counters);
}

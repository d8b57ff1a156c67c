using VSwitch.Frames;

namespace VSwitch.Ports.Tests;

/// <summary>A guest that reboots, or whose driver is loaded again, while its frames are under way.</summary>
public sealed unsafe class VhostUserResetTests
{
    private const uint ResetDevice = 34;
    private const uint SetStatus = 39;

    /// <summary>Frames that were received before the reset are still there to be sent; then the rings start from zero.</summary>
    [Theory]
    [InlineData(ResetDevice)]
    [InlineData(SetStatus)]
    public void ResetsWhenTheWorkerIsDoneWithItsBatch(uint request)
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        rig.Peer.Inbound.OfferBuffers(8);
        rig.Peer.Outbound.Send(TestFrames.Plain(seed: 1));
        rig.Peer.Outbound.Send(TestFrames.Plain(seed: 2));
        Assert.Equal(2, rig.ReceiveSome());
        var resetting = new Thread(() => rig.Peer.TellAndWait(request, request == SetStatus ? VhostUserPeer.Numbers(0) : []));
        resetting.Start();
        Until.True(() => !rig.Port.IsLinkUp, "the link to go down");

        Assert.Equal(TestFrames.Plain(seed: 2), rig.Batch[1].Bytes());
        rig.Send(default, TestFrames.Plain(seed: 3));
        Assert.Equal(1UL, rig.Counters.Drops(DropReason.LinkDown));
        Assert.True(resetting.IsAlive);
        rig.Queue.Release(rig.Batch);
        resetting.Join();
        Assert.Equal(2, rig.Peer.Outbound.UsedIndex);
        rig.Batch.Clear();
        Assert.Equal(0, rig.Queue.Receive(rig.Batch));

        Reboot(rig.Peer);
        rig.Peer.Inbound.OfferBuffers(8);
        rig.Peer.Outbound.Send(TestFrames.Plain(seed: 4));
        Assert.Equal(TestFrames.Plain(seed: 4), rig.ReceiveOne());
        rig.Send(default, TestFrames.Plain(seed: 5));
        Assert.Equal((0u, 72u), rig.Peer.Inbound.UsedEntry(0));
        Assert.Equal(VhostUserFault.None, rig.Port.LastFault);
    }

    /// <summary>Two workers move frames all the time; each copy ends sent or with a name.</summary>
    [Fact]
    public void AccountsForEveryFrameWhileTheGuestResets()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        using var stop = new CancellationTokenSource();
        PortCounters counters = new();
        ulong offered = 0;
        var sender = new Thread(() => offered = SendUntil(rig.Port.OpenSendQueue(1), counters, stop.Token));
        var receiver = new Thread(() => ReceiveUntil(rig.Queue, stop.Token));
        sender.Start();
        receiver.Start();
        for (int i = 0; i < 100; i++)
        {
            rig.Peer.Inbound.OfferBuffers(200);
            for (int frame = 0; frame < 50; frame++)
                rig.Peer.Outbound.Send(TestFrames.Plain());
            rig.Peer.Inbound.WaitUsed(1);
            rig.Peer.TellAndWait(ResetDevice, []);
            Reboot(rig.Peer);
        }
        stop.Cancel();
        sender.Join();
        receiver.Join();

        Assert.Equal(offered, counters.Sent + counters.Drops(DropReason.LinkDown) + counters.Drops(DropReason.RingFull));
        Assert.True(counters.Sent >= 100);
        Assert.Equal(VhostUserFault.None, rig.Port.LastFault);
        rig.Peer.Outbound.Send(TestFrames.Plain(seed: 7));
        Assert.Equal(TestFrames.Plain(seed: 7), rig.ReceiveOne());
    }

    /// <summary>The guest's memory is as new, and its driver starts the rings again.</summary>
    private static void Reboot(VhostUserPeer peer)
    {
        new Span<byte>(peer.Memory, VhostUserPeer.MemoryBytes).Clear();
        foreach (PeerRing ring in peer.Rings)
        {
            ring.Reset();
            peer.StartRing(ring);
        }
        peer.AskNumber(1);
    }

    private static ulong SendUntil(ISendQueue queue, PortCounters counters, CancellationToken stop)
    {
        ulong offered = 0;
        using var batch = new FrameBatch();
        var copies = new SendList();
        byte[] frame = TestFrames.Plain();
        fixed (byte* data = frame)
        {
            for (int i = 0; i < 16; i++)
            {
                batch.Add().Lend(data, frame.Length, slot: 0);
                copies.Add(i, SendEntry.Untagged);
            }
            TestFrames.Parse(batch);
            for (; !stop.IsCancellationRequested; offered += 16)
                queue.Send(batch, copies, counters);
        }
        return offered;
    }

    private static void ReceiveUntil(IReceiveQueue queue, CancellationToken stop)
    {
        using var batch = new FrameBatch();
        while (!stop.IsCancellationRequested)
        {
            batch.Clear();
            if (queue.Receive(batch) > 0)
                queue.Release(batch);
        }
    }
}

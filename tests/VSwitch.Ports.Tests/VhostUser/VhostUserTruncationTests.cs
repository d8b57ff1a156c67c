using System.Runtime.InteropServices;
using VSwitch.Frames;
using VSwitch.Linux;

namespace VSwitch.Ports.Tests;

/// <summary>Guest memory whose file is made shorter while workers are in it: any access may hit a page that is gone.</summary>
public sealed unsafe partial class VhostUserTruncationTests
{
    [Fact]
    public void OutlivesMemoryThatIsCutBeforeItIsRead()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        rig.Peer.Outbound.Send(TestFrames.Plain());
        Assert.Equal(0, ftruncate(rig.Peer.File.Number, 0));
        rig.Batch.Clear();
        Assert.Equal(0, rig.Queue.Receive(rig.Batch));
        rig.WaitFault(VhostUserFault.MemoryTruncated);
        rig.WorksAgain();
    }

    [Fact]
    public void OutlivesMemoryThatIsCutWhileFramesAreLent()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        rig.Peer.Outbound.Send(TestFrames.Plain(bytes: 1500));
        Assert.Equal(1, rig.ReceiveSome());
        Assert.Equal(0, ftruncate(rig.Peer.File.Number, 0));
        Assert.Equal(new byte[1500], rig.Batch[0].Bytes());
        rig.Queue.Release(rig.Batch);
        rig.WaitFault(VhostUserFault.MemoryTruncated);
        rig.WorksAgain();
    }

    [Fact]
    public void OutlivesMemoryThatIsCutBeforeItIsWritten()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        rig.Peer.Inbound.OfferBuffers(4);
        Assert.Equal(0, ftruncate(rig.Peer.File.Number, 0x10000));
        rig.Send(default, TestFrames.Plain());
        rig.WaitFault(VhostUserFault.MemoryTruncated);
        rig.WorksAgain();
    }

    /// <summary>The buffers are gone, though not the rings: one frame finds that out, and the next one of the batch is not tried.</summary>
    [Fact]
    public void GivesAGuestNothingMoreOnceItsMemoryWasCut()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        PeerRing ring = rig.Peer.Inbound;
        for (int i = 0; i < 8; i++)
            ring.Describe(i, ring.BufferAddress(i), 50, (ushort)(PeerRing.WriteFlag | (i % 4 < 3 ? PeerRing.NextFlag : 0)), i + 1);
        ring.Offer(0);
        ring.Offer(4);
        Assert.Equal(0, ftruncate(rig.Peer.File.Number, 0x10000));

        rig.Send(default, TestFrames.Plain(bytes: 150), TestFrames.Plain(bytes: 150));

        Assert.Equal(1UL, rig.Counters.Sent);
        Assert.Equal(1UL, rig.Counters.Drops(DropReason.LinkDown));
        rig.WaitFault(VhostUserFault.MemoryTruncated);
        rig.WorksAgain();
    }

    /// <summary>
    /// A guest sends to another as fast as a worker forwards, and its memory is cut at some point: wherever the worker is
    /// then, it goes on, and so does the other guest's port.
    /// </summary>
    [Fact]
    public void OutlivesMemoryThatIsCutUnderLoad()
    {
        using VhostUserRig other = new VhostUserRig().Connected();
        other.Peer.Inbound.OfferBuffers(256);
        for (int round = 0; round < 20; round++)
        {
            using VhostUserRig rig = new VhostUserRig().Connected();
            rig.Peer.Inbound.OfferBuffers(256);
            using var stop = new CancellationTokenSource();
            var worker = new Thread(() => Forward(rig, other, stop.Token)) { IsBackground = true };
            worker.Start();
            for (int i = 0; i < 200 + round * 7; i++)
            {
                rig.Peer.Outbound.WaitUsed(i - 200);
                rig.Peer.Outbound.Send(TestFrames.Plain(bytes: 1000));
            }
            Assert.Equal(0, ftruncate(rig.Peer.File.Number, (long)round * 4096 * 16));
            rig.WaitFault(VhostUserFault.MemoryTruncated);
            stop.Cancel();
            worker.Join();
            Assert.Equal(VhostUserFault.None, other.Port.LastFault);
        }
    }

    /// <summary>From the guest to the other, and back to itself.</summary>
    private static void Forward(VhostUserRig rig, VhostUserRig other, CancellationToken stop)
    {
        using var batch = new FrameBatch();
        var copies = new SendList();
        var counters = new PortCounters();
        ISendQueue back = rig.Port.OpenSendQueue(1);
        ISendQueue away = other.Port.OpenSendQueue(1);
        while (!stop.IsCancellationRequested)
        {
            batch.Clear();
            if (rig.Queue.Receive(batch) == 0)
                continue;
            TestFrames.Parse(batch);
            for (ulong rest = batch.Alive; rest != 0; rest &= rest - 1)
                copies.Add(FrameBatch.First(rest), SendEntry.Untagged);
            back.Send(batch, copies, counters);
            away.Send(batch, copies, counters);
            copies.Clear();
            rig.Queue.Release(batch);
        }
    }

    [LibraryImport("libc")]
    private static partial int ftruncate(int fd, long length);
}

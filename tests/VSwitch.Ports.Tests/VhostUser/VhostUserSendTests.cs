using VSwitch.Frames;

namespace VSwitch.Ports.Tests;

/// <summary>What reaches a guest, into every form of buffer that it may offer.</summary>
public sealed unsafe class VhostUserSendTests
{
    private static readonly Offload PartialTcp = new()
    {
        Flags = OffloadFlags.NeedsChecksum,
        ChecksumStart = 34,
        ChecksumOffset = 16,
    };

    [Theory]
    [InlineData(14)]
    [InlineData(60)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(512)]
    [InlineData(1514)]
    public void WritesTheBytesAndNothingBehindThem(int bytes)
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        rig.Peer.Inbound.OfferBuffers(4);
        new Span<byte>(rig.Peer.Inbound.Buffer(0), 2048).Fill(0xEE);
        byte[] frame = TestFrames.Plain(bytes);

        rig.Send(default, frame);

        Assert.Equal((0u, (uint)bytes + 12), rig.Peer.Inbound.UsedEntry(0));
        byte* buffer = rig.Peer.Inbound.Buffer(0);
        Assert.Equal(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0 }, new Span<byte>(buffer, 12).ToArray());
        Assert.Equal(frame, new Span<byte>(buffer + 12, bytes).ToArray());
        Assert.Equal(0xEE, buffer[12 + bytes]);
        Assert.Equal(1UL, rig.Counters.Sent);
        Assert.Equal((ulong)bytes, rig.Counters.SentBytes);
    }

    [Fact]
    public void PutsAFrameTogetherFromItsPieces()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        rig.Peer.Inbound.OfferBuffers(4);
        byte[] frame = TestFrames.Plain(bytes: 1000);
        rig.SendIn([128, 1, 300, 70], default, frame);
        Assert.Equal(frame, Assert.Single(rig.Peer.Inbound.TakeReceived()).Frame);
    }

    [Fact]
    public void SpreadsALongFrameOverBuffers()
    {
        using VhostUserRig rig = new VhostUserRig().Connected(VhostUserPeer.Usual | VhostUserPeer.GuestOffloads);
        rig.Peer.Inbound.OfferBuffers(64, bytes: 2048);
        byte[] frame = LargeTcp(60_000);
        Offload offload = PartialTcp with { Gso = GsoType.TcpV4, SegmentBytes = 1448, HeaderBytes = 54 };
        rig.Port.SetMtu(9000);

        rig.Send(offload, frame);

        (byte[] received, Offload receivedOffload) = Assert.Single(rig.Peer.Inbound.TakeReceived(bytes: 2048));
        Assert.Equal(frame, received);
        Assert.Equal(offload, receivedOffload);
        Assert.Equal(30, *(ushort*)(rig.Peer.Inbound.Buffer(0) + 10));
        Assert.Equal(30, rig.Peer.Inbound.UsedIndex);
        Assert.Equal(60_012u - 29 * 2048, rig.Peer.Inbound.UsedEntry(29).Bytes);
        Assert.Equal(0UL, rig.Counters.SoftwareSegmentations);
    }

    [Fact]
    public void CutsForAGuestWithoutOffloads()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        rig.Peer.Inbound.OfferBuffers(64);
        byte[] frame = LargeTcp(54 + 4 * 1448);

        rig.Send(PartialTcp with { Gso = GsoType.TcpV4, SegmentBytes = 1448, HeaderBytes = 54 }, frame);

        List<(byte[] Frame, Offload Offload)> pieces = rig.Peer.Inbound.TakeReceived();
        Assert.Equal(4, pieces.Count);
        Assert.All(pieces, piece => Assert.Equal(1502, piece.Frame.Length));
        Assert.All(pieces, piece => Assert.Equal(default, piece.Offload));
        Assert.Equal(1UL, rig.Counters.Sent);
        Assert.Equal(1UL, rig.Counters.SoftwareSegmentations);
    }

    [Theory]
    [InlineData(VhostUserPeer.Usual, OffloadSet.None)]
    [InlineData(VhostUserPeer.Usual | 1UL << 1, OffloadSet.Checksum)]
    [InlineData(VhostUserPeer.Usual | 1UL << 7, OffloadSet.None)]
    [InlineData(VhostUserPeer.Usual | VhostUserPeer.GuestOffloads, OffloadSet.Checksum | OffloadSet.TsoV4 | OffloadSet.TsoV6 | OffloadSet.TsoEcn)]
    [InlineData(VhostUserPeer.Usual | 1UL << 1 | 1UL << 54, OffloadSet.Checksum)]
    [InlineData(VhostUserPeer.Usual | 1UL << 1 | 3UL << 54, OffloadSet.Checksum | OffloadSet.Uso)]
    public void TakesTheOffloadsThatTheGuestAgreedTo(ulong features, OffloadSet offloads)
    {
        using VhostUserRig rig = new VhostUserRig().Connected(features);
        Assert.Equal(offloads, rig.Port.Offloads);
    }

    [Fact]
    public void PassesAPartialChecksumOn()
    {
        using VhostUserRig rig = new VhostUserRig().Connected(VhostUserPeer.Usual | VhostUserPeer.GuestOffloads);
        rig.Peer.Inbound.OfferBuffers(4);
        byte[] frame = LargeTcp(1000);
        rig.Send(PartialTcp, frame);
        (byte[] received, Offload offload) = Assert.Single(rig.Peer.Inbound.TakeReceived());
        Assert.Equal(frame, received);
        Assert.Equal(PartialTcp, offload);
    }

    [Fact]
    public void CountsWhatDoesNotFit()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        rig.Send(default, TestFrames.Plain());
        Assert.Equal(1UL, rig.Counters.Drops(DropReason.RingFull));

        rig.Peer.Inbound.OfferBuffers(2);
        rig.Send(default, [.. Enumerable.Range(0, 5).Select(i => TestFrames.Plain(seed: (byte)i))]);
        Assert.Equal(2UL, rig.Counters.Sent);
        Assert.Equal(4UL, rig.Counters.Drops(DropReason.RingFull));
    }

    [Fact]
    public void NamesALongFrameForShortBuffers()
    {
        using VhostUserRig rig = new VhostUserRig().Connected(VhostUserPeer.Version1 | VhostUserPeer.Protocol);
        rig.Peer.Inbound.OfferBuffers(4, bytes: 1000);
        rig.Send(default, TestFrames.Plain(bytes: 1500), TestFrames.Plain(bytes: 988));
        Assert.Equal(1UL, rig.Counters.Drops(DropReason.MtuExceeded));
        Assert.Equal(1UL, rig.Counters.Sent);
        Assert.Equal(TestFrames.Plain(bytes: 988), Assert.Single(rig.Peer.Inbound.TakeReceived(bytes: 1000)).Frame);
    }

    /// <summary>A frame that finds too few buffers takes none of them, and those behind it go on.</summary>
    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    public void GivesTheLongestFrameAllItsShortBuffersOrNone(int buffers)
    {
        using VhostUserRig rig = new VhostUserRig().Connected(VhostUserPeer.Usual | VhostUserPeer.GuestOffloads);
        rig.Peer.Inbound.OfferBuffers(buffers, bytes: 2048);
        byte[] frame = LargeTcp(65_549);
        Offload offload = PartialTcp with { Gso = GsoType.TcpV4, SegmentBytes = 1448, HeaderBytes = 54 };

        // With its header 32 buffers and a few bytes.
        rig.Send(offload, frame);
        bool fits = buffers == 33;
        Assert.Equal(fits ? 1UL : 0, rig.Counters.Sent);
        Assert.Equal(fits ? 0UL : 1, rig.Counters.Drops(DropReason.RingFull));
        Assert.Equal(fits ? 33 : 0, rig.Peer.Inbound.UsedIndex);

        if (fits)
            Assert.Equal(frame, Assert.Single(rig.Peer.Inbound.TakeReceived(bytes: 2048)).Frame);
        rig.Send(default, TestFrames.Plain());
        Assert.Equal(TestFrames.Plain(), Assert.Single(rig.Peer.Inbound.TakeReceived(bytes: 2048)).Frame);
    }

    [Fact]
    public void NamesTheLongestFrameForAGuestThatTakesOneBufferOnly()
    {
        const ulong features = VhostUserPeer.Version1 | VhostUserPeer.Protocol | VhostUserPeer.GuestOffloads;
        using VhostUserRig rig = new VhostUserRig().Connected(features);
        rig.Peer.Inbound.OfferBuffers(64, bytes: 2048);

        rig.Send(PartialTcp with { Gso = GsoType.TcpV4, SegmentBytes = 1448, HeaderBytes = 54 }, LargeTcp(65_549));

        Assert.Equal(1UL, rig.Counters.Drops(DropReason.MtuExceeded));
        Assert.Equal(0, rig.Peer.Inbound.UsedIndex);
        rig.Send(default, TestFrames.Plain());
        Assert.Equal(TestFrames.Plain(), Assert.Single(rig.Peer.Inbound.TakeReceived(bytes: 2048)).Frame);
    }

    [Fact]
    public void FillsARingOfOneEntry()
    {
        using VhostUserRig rig = new VhostUserRig(ringSize: 1).Connected();
        rig.Peer.Inbound.OfferBuffers(1);
        for (byte i = 0; i < 10; i++)
        {
            byte[] frame = TestFrames.Plain(seed: i);
            rig.Send(default, frame, TestFrames.Plain(seed: 99), TestFrames.Plain(seed: 99));
            Assert.Equal(frame, Assert.Single(rig.Peer.Inbound.TakeReceived()).Frame);
        }
        Assert.Equal(10UL, rig.Counters.Sent);
        Assert.Equal(20UL, rig.Counters.Drops(DropReason.RingFull));

        // It may take several buffers, but there will never be more than one.
        rig.Port.SetMtu(9000);
        rig.Send(default, TestFrames.Plain(bytes: 5000));
        Assert.Equal(21UL, rig.Counters.Drops(DropReason.RingFull));
        Assert.Equal(10, rig.Peer.Inbound.UsedIndex);
    }

    [Fact]
    public void FillsAChainOfSmallBuffers()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        PeerRing ring = rig.Peer.Inbound;
        for (int i = 0; i < 8; i++)
            ring.Describe(i, ring.BufferAddress(i), 100, (ushort)(PeerRing.WriteFlag | (i < 7 ? PeerRing.NextFlag : 0)), i + 1);
        ring.Describe(3, ring.BufferAddress(3), 100, PeerRing.WriteFlag | PeerRing.NextFlag, 8);
        ring.Describe(8, ring.BufferAddress(8), 0, PeerRing.WriteFlag | PeerRing.NextFlag, 4);
        ring.Offer(0);
        byte[] frame = TestFrames.Plain(bytes: 700);

        rig.Send(default, frame);

        Assert.Equal((0u, 712u), ring.UsedEntry(0));
        byte[] received = [.. Enumerable.Range(0, 8).SelectMany(i => new Span<byte>(ring.Buffer(i), 100).ToArray())];
        Assert.Equal(frame, received[12..712]);
    }

    [Fact]
    public void FollowsTheMtuThatTheFrontEndNames()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        rig.Peer.Inbound.OfferBuffers(4);
        rig.Peer.TellAndWait(20, VhostUserPeer.Numbers(2000));
        Assert.Equal(2000, rig.Port.MtuBytes);
        rig.Send(default, TestFrames.Plain(bytes: 2014), TestFrames.Plain(bytes: 2015));
        Assert.Equal(1UL, rig.Counters.Sent);
        Assert.Equal(1UL, rig.Counters.Drops(DropReason.MtuExceeded));
    }

    [Theory]
    [InlineData(null, null, 1500)]
    [InlineData(null, 9000, 9000)]
    [InlineData(9000, null, 9000)]
    [InlineData(9000, 1400, 1400)]
    [InlineData(1400, 9000, 1400)]
    public void TakesTheSmallerMtuOfItsOwnAndTheFrontEnds(int? own, int? frontEnds, int mtuBytes)
    {
        using VhostUserRig rig = new VhostUserRig(mtuBytes: own).Connected();
        rig.Peer.Inbound.OfferBuffers(16);
        if (frontEnds is { } bytes)
            rig.Peer.TellAndWait(20, VhostUserPeer.Numbers((ulong)bytes));
        Assert.Equal(mtuBytes, rig.Port.MtuBytes);
        rig.Send(default, TestFrames.Plain(bytes: mtuBytes + 14), TestFrames.Plain(bytes: mtuBytes + 15));
        Assert.Equal(1UL, rig.Counters.Sent);
        Assert.Equal(1UL, rig.Counters.Drops(DropReason.MtuExceeded));
    }

    [Fact]
    public void SpreadsWorkersOverQueuePairs()
    {
        using var rig = new VhostUserRig(rings: 4, queues: 2);
        ISendQueue second = rig.Port.OpenSendQueue(1);
        rig.Connected();
        Assert.Equal(2UL, rig.Peer.AskNumber(17));
        rig.Peer.Rings[0].OfferBuffers(4);
        rig.Peer.Rings[2].OfferBuffers(4);
        rig.Peer.Rings[3].Send(TestFrames.Plain(seed: 9));

        rig.Send(default, TestFrames.Plain(seed: 1));
        Assert.Equal(1, rig.Port.ReceiveQueues[1].ReceiveSoon(rig.Batch));
        var copies = new SendList();
        copies.Add(0, SendEntry.Untagged);
        second.Send(rig.Batch, copies, rig.Counters);
        rig.Port.ReceiveQueues[1].Release(rig.Batch);

        Assert.Equal(TestFrames.Plain(seed: 1), Assert.Single(rig.Peer.Rings[0].TakeReceived()).Frame);
        Assert.Equal(TestFrames.Plain(seed: 9), Assert.Single(rig.Peer.Rings[2].TakeReceived()).Frame);

        rig.Peer.Enable(rig.Peer.Rings[2], false);
        rig.Peer.AskNumber(1);
        second.Send(rig.Batch, copies, rig.Counters);
        Assert.Equal(TestFrames.Plain(seed: 9), Assert.Single(rig.Peer.Rings[0].TakeReceived()).Frame);
    }

    [Fact]
    public void LetsWorkersShareARing()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        rig.Peer.Inbound.OfferBuffers(200);
        const int framesEach = 100;
        Thread[] workers = [.. Enumerable.Range(1, 2).Select(worker => new Thread(() => SendMany(rig.Port.OpenSendQueue(worker), (byte)worker)))];
        foreach (Thread worker in workers)
            worker.Start();
        foreach (Thread worker in workers)
            worker.Join();

        List<(byte[] Frame, Offload Offload)> received = rig.Peer.Inbound.TakeReceived();
        for (byte worker = 1; worker <= 2; worker++)
            Assert.Equal(framesEach, received.Count(one => one.Frame.AsSpan().SequenceEqual(TestFrames.Plain(seed: worker))));

        static void SendMany(ISendQueue queue, byte seed)
        {
            using var batch = new FrameBatch();
            var copies = new SendList();
            byte[] frame = TestFrames.Plain(seed: seed);
            fixed (byte* data = frame)
            {
                batch.Add().Lend(data, frame.Length, 0);
                TestFrames.Parse(batch);
                copies.Add(0, SendEntry.Untagged);
                for (int i = 0; i < framesEach; i++)
                    queue.Send(batch, copies, new PortCounters());
            }
        }
    }

    /// <summary>A TCP segment over IPv4 with a payload that counts.</summary>
    private static byte[] LargeTcp(int bytes)
    {
        byte[] frame = TestFrames.Plain(bytes);
        Convert.FromHexString("0800" + "4500000000004000400600000A0000010A000002").CopyTo(frame, 12);
        frame[16] = (byte)((bytes - 14) >> 8);
        frame[17] = (byte)(bytes - 14);
        Convert.FromHexString("04D204D30000000100000000501020000000").CopyTo(frame, 34);
        return frame;
    }
}

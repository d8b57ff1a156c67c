using VSwitch.Frames;
using VSwitch.Linux;
using VSwitch.Wire;

namespace VSwitch.Ports.Tests;

/// <summary>What a guest sends, in every form that it may send it in.</summary>
public sealed unsafe class VhostUserReceiveTests
{
    /// <summary>The lengths of the buffers that hold 12 bytes of header and 300 of frame.</summary>
    public static TheoryData<string> Layouts =>
    [
        "312", "12 300", "1 11 300", "6 306", "26 286", "12 14 286", "12 127 173", "12 128 172", "12 255 45", "12 256 44", "11 2 299", "12 0 300",
        "12 100 100 50 50", "4 4 4 4 4 4 288",
    ];

    [Theory]
    [MemberData(nameof(Layouts))]
    public void TakesHeaderAndDataInAnyLayout(string layout)
    {
        int[] lengths = [.. layout.Split(' ').Select(int.Parse)];
        using VhostUserRig rig = new VhostUserRig().Connected();
        byte[] frame = TestFrames.Plain(bytes: 300);
        rig.Peer.Outbound.Send(frame, default, lengths);

        Assert.Equal(1, rig.ReceiveSome());

        ref readonly Frame received = ref rig.Batch[0];
        Assert.Equal(frame, received.Bytes());
        Assert.InRange(received.HeadBytes, 256, 300);
        Assert.Equal(DropReason.None, received.Drop);
        rig.Queue.Release(rig.Batch);
        Assert.Equal((0u, 0u), rig.Peer.Outbound.UsedEntry(0));
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void TakesAnIndirectTable(string layout)
    {
        int[] lengths = [.. layout.Split(' ').Select(int.Parse)];
        using VhostUserRig rig = new VhostUserRig().Connected();
        PeerRing ring = rig.Peer.Outbound;
        byte[] frame = TestFrames.Plain(bytes: 300);
        new Span<byte>(ring.Buffer(0), 12).Clear();
        frame.CopyTo(new Span<byte>(ring.Buffer(0) + 12, frame.Length));
        int offset = 0;
        for (int i = 0; i < lengths.Length; i++)
        {
            bool isLast = i == lengths.Length - 1;
            ulong address = ring.BufferAddress(0) + (ulong)offset;
            PeerRing.DescribeAt(ring.Buffer(1) + i * 16, address, (uint)lengths[i], isLast ? (ushort)0 : PeerRing.NextFlag, i + 1);
            offset += lengths[i];
        }
        ring.Describe(5, ring.BufferAddress(1), (uint)lengths.Length * 16, PeerRing.IndirectFlag);
        ring.Offer(5);

        Assert.Equal(frame, rig.ReceiveOne());
        Assert.Equal((5u, 0u), ring.UsedEntry(0));
    }

    [Fact]
    public void LendsFramesWhereTheyAre()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        rig.Peer.Outbound.Send(TestFrames.Plain(bytes: 1500));
        rig.Peer.Outbound.Send(TestFrames.Plain(bytes: 1500), default, 12, 300, 1200);
        Assert.Equal(2, rig.ReceiveSome());

        rig.Peer.Outbound.Buffer(0)[12 + 99] ^= 0xFF;
        rig.Peer.Outbound.Buffer(2)[99] ^= 0xFF;
        rig.Peer.Outbound.Buffer(3)[1199] ^= 0xFF;

        byte[] expected = TestFrames.Plain(bytes: 1500);
        expected[99] ^= 0xFF;
        Assert.Equal(expected, rig.Batch[0].Bytes());
        expected[1499] ^= 0xFF;
        Assert.Equal(expected, rig.Batch[1].Bytes());
        rig.Queue.Release(rig.Batch);
    }

    [Fact]
    public void TakesTheShortHeaderOfALegacyDriver()
    {
        using VhostUserRig rig = new VhostUserRig().Connected(VhostUserPeer.Protocol);
        byte[] frame = TestFrames.Plain(bytes: 61);
        rig.Peer.Outbound.Send(frame);
        Assert.Equal(frame, rig.ReceiveOne());
    }

    [Fact]
    public void PassesOffloadsOnAndNothingElse()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        var sent = new Offload
        {
            Flags = (OffloadFlags)0xFF,
            Gso = GsoType.TcpV4 | GsoType.EcnBit,
            HeaderBytes = 54,
            SegmentBytes = 1448,
            ChecksumStart = 34,
            ChecksumOffset = 16,
        };
        rig.Peer.Outbound.Send(TestFrames.Plain(bytes: 3000), sent);
        Assert.Equal(1, rig.ReceiveSome());

        Offload received = rig.Batch[0].Offload;
        sent.Flags = OffloadFlags.NeedsChecksum;
        Assert.Equal(sent, received);
        rig.Queue.Release(rig.Batch);
    }

    [Fact]
    public void DropsWhatIsTooLongOrInTooManyPieces()
    {
        using VhostUserRig rig = new VhostUserRig(ringSize: 512).Connected();
        PeerRing ring = rig.Peer.Outbound;
        ring.Describe(0, ring.BufferAddress(0), 65_613, 0);
        ring.Offer(0);
        const int pieces = 600;
        for (int i = 0; i < pieces; i++)
            PeerRing.DescribeAt(ring.Buffer(20) + i * 16, ring.BufferAddress(10), 20, i < pieces - 1 ? PeerRing.NextFlag : (ushort)0, i + 1);
        ring.Describe(1, ring.BufferAddress(20), pieces * 16, PeerRing.IndirectFlag);
        ring.Offer(1);

        Assert.Equal(2, rig.ReceiveSome());

        Assert.Equal(DropReason.Oversize, rig.Batch[0].Drop);
        Assert.Equal(DropReason.Oversize, rig.Batch[1].Drop);
        rig.Queue.Release(rig.Batch);
        Assert.Equal(2, ring.UsedIndex);
        Assert.Equal((1u, 0u), ring.UsedEntry(1));
    }

    [Fact]
    public void LeavesForTheNextBatchWhatHasNoRoomInThisOne()
    {
        using VhostUserRig rig = new VhostUserRig(ringSize: 512).Connected();
        byte[] frame = TestFrames.Plain(bytes: 1000);
        int[] lengths = [12, .. Enumerable.Repeat(2, 500)];
        PeerRing ring = rig.Peer.Outbound;
        for (int i = 0; i < 4; i++)
        {
            frame.CopyTo(new Span<byte>(ring.Buffer(100), 1000));
            for (int piece = 0; piece < 501; piece++)
            {
                ulong address = piece == 0 ? ring.BufferAddress(101) : ring.BufferAddress(100) + (ulong)(piece - 1) * 2;
                PeerRing.DescribeAt(ring.Buffer(102 + i * 2) + piece * 16, address, (uint)lengths[piece], piece < 500 ? PeerRing.NextFlag : (ushort)0, piece + 1);
            }
            ring.Describe(i, ring.BufferAddress(102 + i * 2), 501 * 16, PeerRing.IndirectFlag);
            ring.Offer(i);
        }

        int received = 0;
        while (received < 4)
        {
            int count = rig.Queue.ReceiveSoon(rig.Batch);
            Assert.InRange(count, 1, 2);
            for (int i = 0; i < count; i++)
                Assert.Equal(frame, rig.Batch[i].Bytes());
            rig.Queue.Release(rig.Batch);
            received += count;
        }
    }

    [Fact]
    public void GivesBackInOrderWithOneInterrupt()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        for (byte i = 0; i < 10; i++)
            rig.Peer.Outbound.Send(TestFrames.Plain(seed: i));
        rig.Peer.Outbound.Call.Take();
        Assert.Equal(10, rig.ReceiveSome());
        Assert.Equal(0, rig.Peer.Outbound.UsedIndex);

        rig.Queue.Release(rig.Batch);

        Assert.Equal(10, rig.Peer.Outbound.UsedIndex);
        for (int i = 0; i < 10; i++)
            Assert.Equal((uint)i, rig.Peer.Outbound.UsedEntry(i).Head);
        Assert.Equal(1UL, rig.Peer.Outbound.Call.Take());
    }

    [Fact]
    public void InterruptsOnlyAGuestThatWantsIt()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        rig.Peer.Outbound.AvailableFlags = 1;
        rig.Peer.Outbound.Call.Take();
        rig.Peer.Outbound.Send(TestFrames.Plain());
        rig.ReceiveOne();
        Assert.Equal(0UL, rig.Peer.Outbound.Call.Take());
    }

    [Fact]
    public void InterruptsAtTheEventIndex()
    {
        using VhostUserRig rig = new VhostUserRig().Connected(VhostUserPeer.Usual | VhostUserPeer.EventIndex);
        PeerRing ring = rig.Peer.Outbound;
        ring.Call.Take();
        ring.UsedEvent = 2;
        for (int i = 0; i < 5; i++)
        {
            ring.Send(TestFrames.Plain());
            rig.ReceiveOne();
            Assert.Equal(i == 2 ? 1UL : 0, ring.Call.Take());
        }
    }

    [Theory]
    [InlineData(VhostUserPeer.Usual)]
    [InlineData(VhostUserPeer.Usual | VhostUserPeer.EventIndex)]
    public void WantsKicksOnlyWhenArmed(ulong features)
    {
        using VhostUserRig rig = new VhostUserRig().Connected(features);
        PeerRing ring = rig.Peer.Outbound;
        bool hasEventIndex = features != VhostUserPeer.Usual;
        ring.Send(TestFrames.Plain());
        rig.ReceiveOne();
        Assert.False(IsKickWanted());

        Assert.False(rig.Queue.Arm());
        Assert.True(IsKickWanted());
        Assert.False(Poll.WaitReadable(rig.Queue.WaitHandle, 0));

        ring.Send(TestFrames.Plain());
        Assert.True(Poll.WaitReadable(rig.Queue.WaitHandle, 5000));
        rig.Queue.Disarm();
        rig.ReceiveOne();
        Assert.False(IsKickWanted());

        ring.Send(TestFrames.Plain());
        Assert.True(rig.Queue.Arm());

        bool IsKickWanted() => hasEventIndex ? ring.AvailableEvent == ring.AvailableIndex : ring.UsedFlags == 0;
    }

    [Fact]
    public void AnnouncesAStationThatMovedHere()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        byte[] station = [0x52, 0x54, 0x00, 0x12, 0x34, 0x56];
        rig.Peer.TellAndWait(19, [.. station, 0, 0]);

        byte[] frame = rig.ReceiveOne();

        byte[] expected = new byte[RarpAnnouncement.FrameBytes];
        RarpAnnouncement.Write(expected, MacAddress.Read(station));
        Assert.Equal(expected, frame);
        Assert.Equal(0, rig.Peer.Outbound.UsedIndex);
        rig.Peer.Outbound.Send(TestFrames.Plain());
        Assert.Equal(TestFrames.Plain(), rig.ReceiveOne());
        Assert.Equal(1, rig.Peer.Outbound.UsedIndex);
    }

    [Fact]
    public void TakesARingOfOneEntry()
    {
        using VhostUserRig rig = new VhostUserRig(ringSize: 1).Connected();
        for (byte i = 0; i < 10; i++)
        {
            rig.Peer.Outbound.Send(TestFrames.Plain(seed: i));
            Assert.Equal(TestFrames.Plain(seed: i), rig.ReceiveOne());
            rig.Peer.Outbound.WaitUsed(i + 1);
        }
    }

    [Fact]
    public void TakesABufferThatGoesOnInTheNextRegion()
    {
        using var rig = new VhostUserRig();
        rig.Peer.Connect(rig.Path);
        rig.Peer.Negotiate(VhostUserPeer.Usual);
        ulong half = VhostUserPeer.MemoryBytes / 2;
        rig.Peer.Tell(5, [
            .. VhostUserPeer.Numbers(2),
            .. VhostUserPeer.Region(bytes: half),
            .. VhostUserPeer.Region(VhostUserPeer.GuestStart + half, half, VhostUserPeer.UserStart + half, half),
        ], rig.Peer.File, rig.Peer.File);
        rig.Peer.StartRing(rig.Peer.Outbound);
        byte[] frame = TestFrames.Plain(bytes: 600);
        byte* place = rig.Peer.Memory + half - 112;
        new Span<byte>(place, 12).Clear();
        frame.CopyTo(new Span<byte>(place + 12, 600));
        rig.Peer.Outbound.Describe(0, VhostUserPeer.GuestStart + half - 112, 612, 0);
        rig.Peer.Outbound.Offer(0);

        Assert.Equal(frame, rig.ReceiveOne());
    }
}

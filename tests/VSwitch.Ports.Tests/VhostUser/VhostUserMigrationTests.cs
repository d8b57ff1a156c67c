using System.Buffers.Binary;
using VSwitch.Linux;

namespace VSwitch.Ports.Tests;

/// <summary>What another host or another VEM needs to go on with a guest: the dirty log and the in-flight area.</summary>
public sealed unsafe class VhostUserMigrationTests
{
    private const int LogOffset = 4096;
    private const int LogBytes = 1 << 17;
    private const int PartBytes = 16 + 256 * 16 + 48;

    [Fact]
    public void MarksThePagesThatItWrites()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        using Descriptor file = MemoryMap.CreateFile("log", LogOffset + LogBytes);
        using MemoryMap log = MemoryMap.Shared(file, 0, LogOffset + LogBytes);
        rig.Peer.Ask(6, VhostUserPeer.Numbers(LogBytes, LogOffset), null, file);
        rig.Peer.Tell(2, VhostUserPeer.Numbers(VhostUserPeer.Usual | VhostUserPeer.LogAll));
        PeerRing inbound = rig.Peer.Inbound;
        PeerRing outbound = rig.Peer.Outbound;
        rig.Peer.Tell(9, VhostUserPeer.Address(inbound, flags: 1, log: inbound.Used));
        rig.Peer.TellAndWait(9, VhostUserPeer.Address(outbound, flags: 1, log: outbound.Used));
        inbound.OfferBuffers(3);

        outbound.Send(TestFrames.Plain());
        rig.ReceiveOne();
        Assert.Equal([outbound.Used], Marked(log));

        byte[] longFrame = TestFrames.Plain(bytes: 1500);
        rig.Send(default, longFrame);
        Assert.Equal([inbound.Used, inbound.BufferAddress(0), outbound.Used], Marked(log).Order());

        // A frame over the end of a page, in the buffer of one descriptor.
        inbound.Describe(1, inbound.BufferAddress(1) + 4000, 2048, PeerRing.WriteFlag);
        rig.Send(default, longFrame);
        Assert.Contains(inbound.BufferAddress(2), Marked(log));
        Assert.Equal(5, Marked(log).Count);

        rig.Peer.TellAndWait(2, VhostUserPeer.Numbers(VhostUserPeer.Usual));
        new Span<byte>(log.Data, LogOffset + LogBytes).Clear();
        rig.Send(default, longFrame);
        Assert.Empty(Marked(log));
        Assert.Equal(3UL, rig.Counters.Sent);
    }

    [Fact]
    public void ClosesADeviceWhoseLogIsTooShort()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        using Descriptor file = MemoryMap.CreateFile("log", 4096);
        rig.Peer.Ask(6, VhostUserPeer.Numbers(4096, 0), null, file);
        rig.Peer.TellAndWait(2, VhostUserPeer.Numbers(VhostUserPeer.Usual | VhostUserPeer.LogAll));
        rig.Peer.Inbound.OfferBuffers(1);
        rig.Send(default, TestFrames.Plain());
        rig.WaitFault(VhostUserFault.BadLog);
        rig.WorksAgain();
    }

    [Fact]
    public void NotesWhatIsInFlight()
    {
        using var rig = new VhostUserRig();
        using MemoryMap area = StartWithArea(rig);
        PeerRing ring = rig.Peer.Outbound;
        ring.Send(TestFrames.Plain(seed: 1));
        ring.Send(TestFrames.Plain(seed: 2));
        Assert.Equal(2, rig.ReceiveSome());
        Assert.Equal([0, 1], InFlight(area));

        rig.Queue.Release(rig.Batch);

        Assert.Empty(InFlight(area));
        Assert.Equal(2, BinaryPrimitives.ReadUInt16LittleEndian(new Span<byte>(area.Data + PartBytes + 14, 2)));
    }

    [Fact]
    public void DoesAgainWhatAnotherBackEndLeftInFlight()
    {
        using var rig = new VhostUserRig();
        using MemoryMap area = StartWithArea(rig);
        PeerRing ring = rig.Peer.Outbound;
        for (byte i = 0; i < 4; i++)
            ring.Send(TestFrames.Plain(seed: i));

        // The back end before us has taken all four, used the third and died before it noted that.
        rig.Peer.StopRing(ring);
        byte* part = area.Data + PartBytes;
        for (ushort head = 0; head < 4; head++)
        {
            byte* entry = part + 16 + head * 16;
            entry[0] = 1;
            BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(entry + 8, 8), head == 0 ? 99u : head);
        }
        *(ushort*)(part + 12) = 2;
        *(ushort*)(part + 14) = 0;
        ring.UsedIndex = 1;
        rig.Peer.StartRing(ring, from: 4);

        Assert.Equal(3, rig.ReceiveSome());
        Assert.Equal(TestFrames.Plain(seed: 1), rig.Batch[0].Bytes());
        Assert.Equal(TestFrames.Plain(seed: 3), rig.Batch[1].Bytes());
        Assert.Equal(TestFrames.Plain(seed: 0), rig.Batch[2].Bytes());
        rig.Queue.Release(rig.Batch);
        Assert.Equal(4, ring.UsedIndex);
        Assert.Empty(InFlight(area));

        ring.Send(TestFrames.Plain(seed: 9));
        Assert.Equal(TestFrames.Plain(seed: 9), rig.ReceiveOne());
    }

    /// <summary>A guest that writes nonsense into the area harms itself at most.</summary>
    [Fact]
    public void OutlivesNonsenseInTheArea()
    {
        using var rig = new VhostUserRig();
        using MemoryMap area = StartWithArea(rig);
        rig.Peer.StopRing(rig.Peer.Outbound);
        new Span<byte>(area.Data, 2 * PartBytes).Fill(0xFF);
        rig.Peer.StartRing(rig.Peer.Outbound);
        rig.Queue.ReceiveSoon(rig.Batch);
        rig.Queue.Release(rig.Batch);
        rig.WorksAgain();
    }

    private static MemoryMap StartWithArea(VhostUserRig rig)
    {
        rig.Peer.Connect(rig.Path);
        rig.Peer.Negotiate(VhostUserPeer.Usual, protocolFeatures: 1 << 3 | 1 << 12);
        rig.Peer.ShareMemory();
        List<Descriptor> files = [];
        byte[] answer = rig.Peer.Ask(31, VhostUserPeer.Numbers(0, 0, 256 << 16 | 2), files);
        using Descriptor file = Assert.Single(files);
        Assert.Equal((ulong)(2 * PartBytes), BinaryPrimitives.ReadUInt64LittleEndian(answer));
        MemoryMap area = MemoryMap.Shared(file, 0, 2 * PartBytes);
        rig.Peer.Tell(32, answer, file);
        foreach (PeerRing ring in rig.Peer.Rings)
            rig.Peer.StartRing(ring);
        rig.Peer.AskNumber(1);
        return area;
    }

    private static List<int> InFlight(MemoryMap area) =>
        [.. Enumerable.Range(0, 256).Where(head => area.Data[PartBytes + 16 + head * 16] != 0)];

    /// <summary>Guest-physical addresses of the marked pages.</summary>
    private static List<ulong> Marked(MemoryMap log)
    {
        List<ulong> marked = [];
        for (ulong page = 0; page < LogBytes * 8; page++)
        {
            if ((log.Data[LogOffset + page / 8] >> (int)(page % 8) & 1) != 0)
                marked.Add(page * 4096);
        }
        return marked;
    }
}

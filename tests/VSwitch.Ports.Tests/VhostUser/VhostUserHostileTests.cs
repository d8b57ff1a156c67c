using System.Runtime.InteropServices;
using VSwitch.Frames;
using VSwitch.Linux;

namespace VSwitch.Ports.Tests;

/// <summary>
/// A guest and a front end that lie. Whatever they do, their device is closed under the right name, nothing else happens, and
/// the port takes the next guest.
/// </summary>
public sealed unsafe partial class VhostUserHostileTests
{
    private const ulong Page = 4096;

    /// <summary>What a guest may write into its transmit ring.</summary>
    private static readonly Dictionary<string, (VhostUserFault Fault, Action<PeerRing> Lie)> TransmitLies = new()
    {
        ["index beyond the ring"] = (VhostUserFault.IndexJump, ring => ring.AvailableIndex = 257),
        ["index going back"] = (VhostUserFault.IndexJump, ring => ring.AvailableIndex = 0xFFFF),
        ["head beyond the table"] = (VhostUserFault.BadHead, ring => ring.Offer(256)),
        ["head of all ones"] = (VhostUserFault.BadHead, ring => ring.Offer(0xFFFF)),
        ["address below memory"] = (VhostUserFault.BadAddress, ring => Offer(ring, VhostUserPeer.GuestStart - 1, 100)),
        ["address beyond memory"] = (VhostUserFault.BadAddress, ring => Offer(ring, Beyond, 100)),
        ["end beyond memory"] = (VhostUserFault.BadAddress, ring => Offer(ring, Beyond - 50, 100)),
        ["address that wraps"] = (VhostUserFault.BadAddress, ring => Offer(ring, ulong.MaxValue - 10, 100)),
        ["address of nothing"] = (VhostUserFault.BadAddress, ring => Offer(ring, 0, 100)),
        ["second buffer elsewhere"] = (VhostUserFault.BadAddress, ring =>
        {
            ring.Describe(0, ring.BufferAddress(0), 100, PeerRing.NextFlag, 1);
            Offer(ring, Beyond, 100, descriptor: 1, head: 0);
        }),
        ["less than a header"] = (VhostUserFault.HeaderCut, ring => Offer(ring, ring.BufferAddress(0), 11)),
        ["an empty chain"] = (VhostUserFault.HeaderCut, ring => Offer(ring, ring.BufferAddress(0), 0)),
        ["a buffer to write"] = (VhostUserFault.BadDescriptor, ring => Offer(ring, ring.BufferAddress(0), 100, PeerRing.WriteFlag)),
        ["a chain to itself"] = (VhostUserFault.ChainLoop, ring => Offer(ring, ring.BufferAddress(0), 1, PeerRing.NextFlag)),
        ["a loop of two"] = (VhostUserFault.ChainLoop, ring =>
        {
            ring.Describe(0, ring.BufferAddress(0), 0, PeerRing.NextFlag, 1);
            Offer(ring, ring.BufferAddress(0), 0, PeerRing.NextFlag, descriptor: 1, head: 0);
        }),
        ["next beyond the table"] = (VhostUserFault.BadDescriptor, ring =>
        {
            ring.Describe(0, ring.BufferAddress(0), 100, PeerRing.NextFlag, 256);
            ring.Offer(0);
        }),
        ["an indirect table of no entry"] = (VhostUserFault.BadIndirect, ring => Offer(ring, ring.BufferAddress(0), 0, PeerRing.IndirectFlag)),
        ["an indirect table of half an entry"] = (VhostUserFault.BadIndirect, ring => Offer(ring, ring.BufferAddress(0), 24, PeerRing.IndirectFlag)),
        ["an indirect table too long"] = (VhostUserFault.BadIndirect, ring => Offer(ring, ring.BufferAddress(0), 1025 * 16, PeerRing.IndirectFlag)),
        ["an indirect table of 4 GB"] = (VhostUserFault.BadIndirect, ring => Offer(ring, ring.BufferAddress(0), 0xFFFF_FFF0, PeerRing.IndirectFlag)),
        ["an indirect table elsewhere"] = (VhostUserFault.BadIndirect, ring => Offer(ring, Beyond - 16, 32, PeerRing.IndirectFlag)),
        ["an indirect table and more"] = (VhostUserFault.BadIndirect, ring => Offer(ring, ring.BufferAddress(0), 16, PeerRing.IndirectFlag | PeerRing.NextFlag)),
        ["a nested indirect table"] = (VhostUserFault.BadIndirect, ring =>
        {
            PeerRing.DescribeAt(ring.Buffer(0), ring.BufferAddress(1), 16, PeerRing.IndirectFlag, 0);
            Offer(ring, ring.BufferAddress(0), 16, PeerRing.IndirectFlag);
        }),
        ["an indirect table that is the ring's own"] = (VhostUserFault.BadIndirect, ring => Offer(ring, ring.Descriptors, 256 * 16, PeerRing.IndirectFlag)),
        ["a loop in an indirect table"] = (VhostUserFault.ChainLoop, ring =>
        {
            PeerRing.DescribeAt(ring.Buffer(0), ring.BufferAddress(1), 0, PeerRing.NextFlag, 0);
            Offer(ring, ring.BufferAddress(0), 32, PeerRing.IndirectFlag);
        }),
        ["next beyond an indirect table"] = (VhostUserFault.BadDescriptor, ring =>
        {
            PeerRing.DescribeAt(ring.Buffer(0), ring.BufferAddress(1), 20, PeerRing.NextFlag, 2);
            Offer(ring, ring.BufferAddress(0), 32, PeerRing.IndirectFlag);
        }),
    };

    /// <summary>What a guest may write into its receive ring.</summary>
    private static readonly Dictionary<string, (VhostUserFault Fault, Action<PeerRing> Lie)> ReceiveLies = new()
    {
        ["index beyond the ring"] = (VhostUserFault.IndexJump, ring => ring.AvailableIndex = 257),
        ["head beyond the table"] = (VhostUserFault.BadHead, ring => ring.Offer(256)),
        ["address beyond memory"] = (VhostUserFault.BadAddress, ring => Offer(ring, Beyond, 2000, PeerRing.WriteFlag)),
        ["end beyond memory"] = (VhostUserFault.BadAddress, ring => Offer(ring, Beyond - 50, 2000, PeerRing.WriteFlag)),
        ["address that wraps"] = (VhostUserFault.BadAddress, ring => Offer(ring, ulong.MaxValue - 10, 2000, PeerRing.WriteFlag)),
        ["a buffer to read"] = (VhostUserFault.BadDescriptor, ring => Offer(ring, ring.BufferAddress(0), 2000)),
        ["a loop"] = (VhostUserFault.ChainLoop, ring => Offer(ring, ring.BufferAddress(0), 0, PeerRing.NextFlag | PeerRing.WriteFlag)),
        ["a nested indirect table"] = (VhostUserFault.BadIndirect, ring =>
        {
            PeerRing.DescribeAt(ring.Buffer(0), ring.BufferAddress(1), 16, PeerRing.IndirectFlag, 0);
            Offer(ring, ring.BufferAddress(0), 16, PeerRing.IndirectFlag);
        }),
        ["an indirect table that is the ring's own"] = (VhostUserFault.BadIndirect, ring => Offer(ring, ring.Descriptors, 256 * 16, PeerRing.IndirectFlag)),
    };

    /// <summary>What a front end may say, once it has connected and agreed on features.</summary>
    private static readonly Dictionary<string, (VhostUserFault Fault, Action<VhostUserPeer> Lie)> RequestLies = new()
    {
        ["another version"] = (VhostUserFault.BadMessage, peer => peer.SendRaw([1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0])),
        ["a long message"] = (VhostUserFault.BadMessage, peer => peer.SendRaw([1, 0, 0, 0, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF])),
        ["too short a payload"] = (VhostUserFault.BadMessage, peer => peer.Tell(8, [0, 0, 0, 0])),
        ["half a message that brings the connection itself"] = (VhostUserFault.BadMessage, peer =>
        {
            using var connection = new Descriptor(dup(peer.Number));
            peer.SendRaw([5, 0, 0, 0, 1, 0], connection);
            peer.Disconnect();
        }),
        ["too long a payload"] = (VhostUserFault.BadMessage, peer => peer.Tell(8, new byte[12])),
        ["request 0"] = (VhostUserFault.BadRequest, peer => peer.Tell(0, [])),
        ["request 99"] = (VhostUserFault.BadRequest, peer => peer.Tell(99, new byte[8])),
        ["a feature not offered"] = (VhostUserFault.BadRequest, peer => peer.Tell(2, VhostUserPeer.Numbers(1UL << 34))),
        ["a protocol feature not offered"] = (VhostUserFault.BadRequest, peer => peer.Tell(16, VhostUserPeer.Numbers(1UL << 8))),
        ["a ring that is not there"] = (VhostUserFault.BadRequest, peer => peer.Tell(8, VhostUserPeer.State(2, 256))),
        ["a ring of no entry"] = (VhostUserFault.BadRingSize, peer => peer.Tell(8, VhostUserPeer.State(0, 0))),
        ["a ring of 255 entries"] = (VhostUserFault.BadRingSize, peer => peer.Tell(8, VhostUserPeer.State(0, 255))),
        ["a ring of 65536 entries"] = (VhostUserFault.BadRingSize, peer => peer.Tell(8, VhostUserPeer.State(0, 65536))),
        ["an index of more than 16 bits"] = (VhostUserFault.BadRequest, peer => peer.Tell(10, VhostUserPeer.State(0, 65536))),
        ["an MTU of 1"] = (VhostUserFault.BadRequest, peer => peer.Tell(20, VhostUserPeer.Numbers(1))),
        ["a kick without a descriptor"] = (VhostUserFault.BadMessage, peer => peer.Tell(12, VhostUserPeer.Numbers(0))),
        ["a kick that is a file"] = (VhostUserFault.BadEvent, peer => peer.Tell(12, VhostUserPeer.Numbers(0), peer.File)),
        ["a call that is a file"] = (VhostUserFault.BadEvent, peer => peer.Tell(13, VhostUserPeer.Numbers(0), peer.File)),
        ["a ring without kicks"] = (VhostUserFault.BadEvent, peer => peer.Tell(12, VhostUserPeer.Numbers(1 | 0x100))),
        ["memory without a descriptor"] = (VhostUserFault.BadMessage, peer => ShareRegion(peer, VhostUserPeer.Region(), hasFile: false)),
        ["nine regions"] = (VhostUserFault.BadMessage, peer => peer.Tell(5, [.. VhostUserPeer.Numbers(9), .. new byte[256]])),
        ["an empty region"] = (VhostUserFault.BadMemory, peer => ShareRegion(peer, VhostUserPeer.Region(bytes: 0))),
        ["a region beyond its file"] = (VhostUserFault.BadMemory, peer => ShareRegion(peer, VhostUserPeer.Region(bytes: VhostUserPeer.MemoryBytes + 1))),
        ["an offset beyond its file"] = (VhostUserFault.BadMemory, peer => ShareRegion(peer, VhostUserPeer.Region(offset: Page))),
        ["an offset that wraps"] = (VhostUserFault.BadMemory, peer => ShareRegion(peer, VhostUserPeer.Region(offset: ulong.MaxValue - Page))),
        ["a region that wraps"] = (VhostUserFault.BadMemory, peer => ShareRegion(peer, VhostUserPeer.Region(start: ulong.MaxValue - Page))),
        ["a user address that wraps"] = (VhostUserFault.BadMemory, peer => ShareRegion(peer, VhostUserPeer.Region(user: ulong.MaxValue - Page))),
        ["a region of 2^63 bytes"] = (VhostUserFault.BadMemory, peer => ShareRegion(peer, VhostUserPeer.Region(start: 0, bytes: 1UL << 63, user: 0))),
        ["regions that overlap"] = (VhostUserFault.BadMemory, peer => peer.Tell(
            5,
            [.. VhostUserPeer.Numbers(2), .. VhostUserPeer.Region(bytes: 8192), .. VhostUserPeer.Region(start: VhostUserPeer.GuestStart + Page, bytes: 8192, user: 0)],
            peer.File,
            peer.File)),
        ["memory that is an eventfd"] = (VhostUserFault.BadMemory, peer => peer.Tell(
            5, [.. VhostUserPeer.Numbers(1), .. VhostUserPeer.Region()], peer.Inbound.Kick.Descriptor)),
        ["memory that is on a disk"] = (VhostUserFault.BadMemory, peer =>
        {
            using FileStream file = File.Create(Path.Combine(AppContext.BaseDirectory, Path.GetRandomFileName()), 4096, FileOptions.DeleteOnClose);
            file.SetLength(VhostUserPeer.MemoryBytes);
            using var descriptor = new Descriptor(dup((int)file.SafeFileHandle.DangerousGetHandle()));
            peer.Tell(5, [.. VhostUserPeer.Numbers(1), .. VhostUserPeer.Region()], descriptor);
        }),
        ["a log that is no file"] = (VhostUserFault.BadLog, peer => peer.Tell(6, VhostUserPeer.Numbers(4096, 0), peer.Inbound.Kick.Descriptor)),
        ["a log that wraps"] = (VhostUserFault.BadLog, peer => peer.Tell(6, VhostUserPeer.Numbers(ulong.MaxValue, 4096), peer.File)),
        ["an in-flight area too small"] = (VhostUserFault.BadInflight, peer => peer.Tell(32, VhostUserPeer.Numbers(64, 0, 0x0100_0002), peer.File)),
        ["rings without memory"] = (VhostUserFault.BadRingAddress, peer => peer.StartRing(peer.Inbound)),
        ["a ring beyond memory"] = (VhostUserFault.BadRingAddress, peer =>
        {
            ShareRegion(peer, VhostUserPeer.Region(bytes: Page));
            peer.StartRing(peer.Outbound);
        }),
        ["a ring that is not aligned"] = (VhostUserFault.BadRingAddress, peer =>
        {
            peer.ShareMemory();
            peer.StartRing(peer.Inbound);
            byte[] address = VhostUserPeer.Address(peer.Inbound);
            address[8] |= 8;
            peer.Tell(9, address);
        }),
        ["nothing more"] = (VhostUserFault.Disconnected, peer => peer.Disconnect()),
    };

    public static TheoryData<string> TransmitLieNames => [.. TransmitLies.Keys];

    public static TheoryData<string> ReceiveLieNames => [.. ReceiveLies.Keys];

    public static TheoryData<string> RequestLieNames => [.. RequestLies.Keys];

    private static ulong Beyond => VhostUserPeer.GuestStart + VhostUserPeer.MemoryBytes;

    [Theory]
    [MemberData(nameof(TransmitLieNames))]
    public void ClosesAGuestThatLiesInItsTransmitRing(string name)
    {
        (VhostUserFault fault, Action<PeerRing> lie) = TransmitLies[name];
        using VhostUserRig rig = new VhostUserRig().Connected();
        lie(rig.Peer.Outbound);

        int received = -1;
        VhostUserRig.Soon(() => received = rig.Queue.ReceiveSoon(rig.Batch));

        Assert.Equal(0, received);

        rig.WaitFault(fault);
        Assert.Equal(0, rig.Peer.Outbound.UsedIndex);
        rig.WorksAgain();
    }

    [Theory]
    [MemberData(nameof(ReceiveLieNames))]
    public void ClosesAGuestThatLiesInItsReceiveRing(string name)
    {
        (VhostUserFault fault, Action<PeerRing> lie) = ReceiveLies[name];
        using VhostUserRig rig = new VhostUserRig().Connected();
        lie(rig.Peer.Inbound);

        VhostUserRig.Soon(() => rig.Send(default, TestFrames.Plain()));

        rig.WaitFault(fault);
        Assert.Equal(0UL, rig.Counters.Sent);
        Assert.Equal(0, rig.Peer.Inbound.UsedIndex);
        rig.WorksAgain();
    }

    [Theory]
    [MemberData(nameof(RequestLieNames))]
    public void ClosesAFrontEndThatLies(string name)
    {
        (VhostUserFault fault, Action<VhostUserPeer> lie) = RequestLies[name];
        using var rig = new VhostUserRig();
        rig.Peer.Connect(rig.Path);
        rig.Peer.Negotiate(VhostUserPeer.Usual);
        try
        {
            lie(rig.Peer);
        }
        catch (Xunit.Sdk.XunitException)
        {
            // The port may have hung up on a lie of several messages before the last one.
        }

        rig.WaitFault(fault);
        rig.WorksAgain();
    }

    [Fact]
    public void ForwardsWhatCameBeforeALie()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        rig.Peer.Outbound.Send(TestFrames.Plain(seed: 1));
        rig.Peer.Outbound.Send(TestFrames.Plain(seed: 2));
        rig.Peer.Outbound.Offer(999);

        Assert.Equal(2, rig.ReceiveSome());
        Assert.Equal(TestFrames.Plain(seed: 2), rig.Batch[1].Bytes());
        rig.Queue.Release(rig.Batch);
        rig.Batch.Clear();
        Assert.Equal(0, rig.Queue.Receive(rig.Batch));
        rig.WaitFault(VhostUserFault.BadHead);
        rig.WorksAgain();
    }

    [Fact]
    public void RefusesAnIndirectTableThatWasNotAgreed()
    {
        using VhostUserRig rig = new VhostUserRig().Connected(VhostUserPeer.Version1 | VhostUserPeer.Protocol);
        PeerRing ring = rig.Peer.Outbound;
        PeerRing.DescribeAt(ring.Buffer(0), ring.BufferAddress(1), 100, 0, 0);
        Offer(ring, ring.BufferAddress(0), 16, PeerRing.IndirectFlag);
        Assert.Equal(0, rig.Queue.ReceiveSoon(rig.Batch));
        rig.WaitFault(VhostUserFault.BadIndirect);
    }

    /// <summary>Buffers of no bytes hold nothing, so only their number can bound a chain of them.</summary>
    [Fact]
    public void DropsAFrameAmongThousandsOfEmptyBuffers()
    {
        using VhostUserRig rig = new VhostUserRig(ringSize: 512).Connected();
        PeerRing ring = rig.Peer.Outbound;
        DescribeEmpty(ring, flags: 0);
        PeerRing.DescribeAt(ring.Buffer(1) + 1023 * 16, ring.BufferAddress(0), 100, 0, 0);
        for (int i = 0; i < 100; i++)
            ring.Describe(i, ring.BufferAddress(0), 0, PeerRing.NextFlag, i + 1);
        Offer(ring, ring.BufferAddress(1), 1024 * 16, PeerRing.IndirectFlag, descriptor: 100, head: 0);

        Assert.Equal(1, rig.ReceiveSome());

        Assert.Equal(DropReason.Oversize, rig.Batch[0].Drop);
        rig.Queue.Release(rig.Batch);
        Assert.Equal((0u, 0u), ring.UsedEntry(0));
    }

    /// <summary>It can offer any number of chains that hold nothing; a batch stops looking at some point.</summary>
    [Fact]
    public void LooksForABufferAmongThousandsOfEmptyOnesInVain()
    {
        using VhostUserRig rig = new VhostUserRig(ringSize: 512).Connected();
        PeerRing ring = rig.Peer.Inbound;
        DescribeEmpty(ring, PeerRing.WriteFlag);
        for (int i = 0; i < 100; i++)
            Offer(ring, ring.BufferAddress(1), 1024 * 16, PeerRing.IndirectFlag, descriptor: i, head: i);
        Offer(ring, ring.BufferAddress(0), 4096, PeerRing.WriteFlag, descriptor: 100, head: 100);

        rig.Send(default, TestFrames.Plain(), TestFrames.Plain());

        Assert.Equal(2UL, rig.Counters.Drops(DropReason.MtuExceeded));
        Assert.Equal(0, ring.UsedIndex);
        Assert.Equal(VhostUserFault.None, rig.Port.LastFault);
    }

    /// <summary>Tests that run at the same time open some too, but not one for each visit.</summary>
    [Fact]
    public void KeepsNoDescriptorOfAFrontEndThatIsGone()
    {
        const int visits = 100;
        using var rig = new VhostUserRig();
        Visit(rig);
        int before = CountOpenFiles();
        for (int i = 0; i < visits; i++)
            Visit(rig);
        Until.True(() => CountOpenFiles() < before + visits, "descriptors to be closed");
    }

    /// <summary>New features make all rings anew, and each of these has to sort what it finds in flight.</summary>
    [Fact]
    public void LetsOthersInWhileOneAsksForMuch()
    {
        using var rig = new VhostUserRig(rings: 0, queues: 32);
        using var other = new VhostUserRig();
        other.Peer.Connect(other.Path);
        rig.Peer.Connect(rig.Path);
        rig.Peer.Negotiate(VhostUserPeer.Usual);
        rig.Peer.ShareMemory();
        StartLongRings(rig.Peer, count: 64);

        for (int i = 0; i < 6; i++)
            rig.Peer.Tell(2, VhostUserPeer.Numbers(VhostUserPeer.Usual));
        rig.Peer.Tell(20, VhostUserPeer.Numbers(8000));
        for (int i = 0; i < 10; i++)
            other.Peer.AskNumber(1);

        Assert.NotEqual(8000, rig.Port.MtuBytes);
        Until.True(() => rig.Port.MtuBytes == 8000, "all that was asked");
    }

    /// <summary>Starts rings of 32,768 entries, all in the same memory, of which the back end before us had all in flight.</summary>
    private static void StartLongRings(VhostUserPeer peer, int count)
    {
        const int size = 32768;
        const int partBytes = 64 + size * 16;
        using Descriptor file = MemoryMap.CreateFile("inflight", count * partBytes);
        using MemoryMap area = MemoryMap.Shared(file, 0, count * partBytes);
        var random = new Random(1);
        for (int index = 0; index < count; index++)
        {
            byte* part = area.Data + index * partBytes;
            *(ushort*)(part + 8) = 1;
            for (int i = 1; i <= size; i++)
            {
                part[16 * i] = 1;
                *(long*)(part + 16 * i + 8) = random.NextInt64();
            }
        }
        peer.Tell(32, VhostUserPeer.Numbers((ulong)(count * partBytes), 0, (ulong)(count | size << 16)), file);

        using Descriptor kick = new PeerEvent().Descriptor;
        byte[] address = VhostUserPeer.Numbers(VhostUserPeer.UserStart, VhostUserPeer.UserStart + 0xA_0000, VhostUserPeer.UserStart + 0x8_0000, 0);
        for (int index = 0; index < count; index++)
        {
            peer.Tell(8, VhostUserPeer.State(index, size));
            peer.Tell(9, [.. VhostUserPeer.State(index, 0), .. address]);
            peer.Tell(12, VhostUserPeer.Numbers((ulong)index), kick);
            peer.Enable(index, true);
            peer.AskNumber(1);
        }
    }

    /// <summary>A table of 1024 empty buffers, one behind the other, in buffers 1 to 4.</summary>
    private static void DescribeEmpty(PeerRing ring, ushort flags)
    {
        for (int i = 0; i < 1024; i++)
            PeerRing.DescribeAt(ring.Buffer(1) + i * 16, ring.BufferAddress(0), 0, (ushort)(flags | (i < 1023 ? PeerRing.NextFlag : 0)), i + 1);
    }

    private static void Visit(VhostUserRig rig)
    {
        rig.Replace(new VhostUserPeer());
        rig.Connected();
        rig.Peer.Tell(14, VhostUserPeer.Numbers(0), rig.Peer.File);
        rig.Peer.TellAndWait(3, [], rig.Peer.File, rig.Peer.File);
        rig.Peer.Disconnect();
        Until.True(() => !rig.Port.IsLinkUp, "the port to notice");
    }

    private static int CountOpenFiles() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    private static void Offer(PeerRing ring, ulong address, uint bytes, int flags = 0, int descriptor = 0, int head = 0)
    {
        ring.Describe(descriptor, address, bytes, (ushort)flags);
        ring.Offer(head);
    }

    private static void ShareRegion(VhostUserPeer peer, byte[] region, bool hasFile = true) =>
        peer.Tell(5, [.. VhostUserPeer.Numbers(1), .. region], hasFile ? [peer.File] : []);

    [LibraryImport("libc")]
    private static partial int dup(int fd);
}

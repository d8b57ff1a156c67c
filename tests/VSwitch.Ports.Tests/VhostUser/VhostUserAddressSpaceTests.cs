using System.Globalization;
using VSwitch.Linux;

namespace VSwitch.Ports.Tests;

/// <summary>Address space that guests take: what they need, and not all there is.</summary>
public sealed class VhostUserAddressSpaceTests
{
    private const ulong Page = 4096;
    private const ulong Terabyte = 1UL << 40;

    /// <summary>Requests to map a page or so from far inside a file.</summary>
    private static readonly Dictionary<string, Action<VhostUserPeer, Descriptor, ulong>> Far = new()
    {
        ["a region"] = (peer, file, offset) => peer.TellAndWait(37, [.. VhostUserPeer.Numbers(0), .. VhostUserPeer.Region(bytes: Page, offset: offset)], file),
        ["a log"] = (peer, file, offset) => peer.Ask(6, VhostUserPeer.Numbers(Page, offset), null, file),
        ["an in-flight area"] = (peer, file, offset) => peer.TellAndWait(32, VhostUserPeer.Numbers(2 * Terabyte, offset, 0x0100_0002), file),
    };

    public static TheoryData<string> FarNames => [.. Far.Keys];

    [Theory]
    [MemberData(nameof(FarNames))]
    public void MapsNoMoreThanWasAskedFor(string name)
    {
        string file = "far" + Guid.NewGuid().ToString("N");
        using Descriptor descriptor = MemoryMap.CreateFile(file, (long)(12 * Terabyte));
        using var rig = new VhostUserRig();
        rig.Peer.Connect(rig.Path);
        rig.Peer.Negotiate(VhostUserPeer.Usual);
        Far[name](rig.Peer, descriptor, 8 * Terabyte + (name == "a region" ? 100UL : 64UL));
        Assert.InRange(MappedBytes(file), Page, 3 * Page);
    }

    [Theory]
    [InlineData(1UL << 43, VhostUserFault.BadMemory)]
    [InlineData(1UL << 31, VhostUserFault.BadLog)]
    [InlineData(1UL << 36, VhostUserFault.BadInflight)]
    public void RefusesMoreThanAnybodyNeeds(ulong bytes, VhostUserFault fault)
    {
        using Descriptor file = MemoryMap.CreateFile("much", (long)bytes);
        using var rig = new VhostUserRig();
        rig.Peer.Connect(rig.Path);
        rig.Peer.Negotiate(VhostUserPeer.Usual);
        switch (fault)
        {
            case VhostUserFault.BadMemory:
                Share(rig.Peer, file, bytes);
                break;
            case VhostUserFault.BadLog:
                rig.Peer.Tell(6, VhostUserPeer.Numbers(bytes, 0), file);
                break;
            default:
                rig.Peer.Tell(32, VhostUserPeer.Numbers(bytes, 0, 0xFFFF_FFFF), file);
                break;
        }
        rig.WaitFault(fault);
        rig.WorksAgain();
    }

    /// <summary>Guests that say they have 4 TB are let in until that is too much together; one of a usual size always is.</summary>
    [Fact]
    public void KeepsRoomForSmallGuests()
    {
        const ulong bytes = 4 * Terabyte;
        using Descriptor file = MemoryMap.CreateFile("large", (long)bytes);
        using VhostUserRig small = new VhostUserRig().Connected();
        VhostUserRig[] large = [.. Enumerable.Range(0, 8).Select(_ => new VhostUserRig())];
        foreach (VhostUserRig rig in large)
        {
            rig.Peer.Connect(rig.Path);
            rig.Peer.Negotiate(VhostUserPeer.Usual);
            Share(rig.Peer, file, bytes);
            if (rig != large[^1])
                Assert.Equal(rig.Peer.Offered, rig.Peer.AskNumber(1));
        }
        large[^1].WaitFault(VhostUserFault.BadMemory);
        large[^1].WorksAgain();
        small.WorksAgain();
        foreach (VhostUserRig rig in large)
            rig.Dispose();
    }

    private static void Share(VhostUserPeer peer, Descriptor file, ulong bytes) =>
        peer.Tell(5, [.. VhostUserPeer.Numbers(1), .. VhostUserPeer.Region(start: 0, bytes: bytes, user: 0)], file);

    private static ulong MappedBytes(string file)
    {
        ulong bytes = 0;
        foreach (string line in File.ReadLines("/proc/self/maps").Where(line => line.Contains(file, StringComparison.Ordinal)))
        {
            string[] range = line.Split(' ')[0].Split('-');
            bytes += ulong.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                - ulong.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }
        return bytes;
    }
}

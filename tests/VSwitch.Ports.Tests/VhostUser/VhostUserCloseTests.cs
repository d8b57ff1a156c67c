using VSwitch.Linux;
using VSwitch.Linux.Tests;

namespace VSwitch.Ports.Tests;

/// <summary>
/// Descriptors whose close(2) waits, from a front end that keeps nothing of them itself. They keep its own port waiting and no
/// other, and not for more than a bounded number of them.
/// </summary>
public sealed class VhostUserCloseTests
{
    /// <summary>Message headers: request, version, payload bytes.</summary>
    private static readonly byte[] SetOwner = [3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] Unknown = [99, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] ShareMemory =
        [5, 0, 0, 0, 1, 0, 0, 0, 40, 0, 0, 0, .. VhostUserPeer.Numbers(1), .. VhostUserPeer.Region(bytes: 4096)];
    private static readonly byte[] SetKick = [12, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, .. VhostUserPeer.Numbers(0)];

    private static readonly Dictionary<string, Action<VhostUserPeer, Descriptor>> Ways = new()
    {
        ["that nobody wants"] = (peer, slow) => peer.SendRaw(SetOwner, slow),
        ["the 41st of a message"] = (peer, slow) => peer.SendRaw(SetOwner, [.. Enumerable.Repeat(peer.File, 40), slow]),
        ["the 253rd of a message"] = (peer, slow) => peer.SendRaw(SetOwner, [.. Enumerable.Repeat(peer.File, 252), slow]),
        ["behind a bad request"] = (peer, slow) =>
        {
            peer.SendRaw(Unknown);
            peer.SendRaw(SetOwner, slow);
        },
        ["as memory"] = (peer, slow) => peer.SendRaw(ShareMemory, slow),
        ["as a kick"] = (peer, slow) => peer.SendRaw(SetKick, slow),
        ["with half a message"] = (peer, slow) =>
        {
            peer.SendRaw(SetOwner[..6], slow);
            peer.Disconnect();
        },
    };

    public static TheoryData<string> WayNames => [.. Ways.Keys];

    [Theory]
    [MemberData(nameof(WayNames))]
    public void ASocketThatLingersKeepsNoOtherPortWaiting(string name)
    {
        using VhostUserRig other = new VhostUserRig().Connected();
        using VhostUserRig rig = new VhostUserRig().Connected();
        using var next = new VhostUserPeer();
        using (var slow = new LingeringSocket())
        {
            Queue(rig, next, peer => Ways[name](peer, slow.Descriptor));
            slow.Descriptor.Dispose();
            LetInNext(rig);
            Assert.Equal(other.Peer.Offered, other.Peer.AskNumber(1));
        }
        next.Disconnect();
        rig.WorksAgain();
    }

    [Fact]
    public void AFileSystemThatDoesNotAnswerKeepsNoOtherPortWaiting()
    {
        if (!SilentFile.IsSupported)
            Assert.Skip("no fuse");
        using VhostUserRig other = new VhostUserRig().Connected();
        using VhostUserRig rig = new VhostUserRig().Connected();
        using (var slow = new SilentFile())
        {
            rig.Peer.SendRaw(ShareMemory, slow.Descriptor);
            rig.WaitFault(VhostUserFault.BadMemory);
            Assert.Equal(other.Peer.Offered, other.Peer.AskNumber(1));
        }
        rig.WorksAgain();
    }

    /// <summary>The one that waits holds up the others behind it; they become too many, and then nobody is let in until it is closed.</summary>
    [Fact]
    public void SendsAwayWhoLeavesTooMany()
    {
        using VhostUserRig other = new VhostUserRig().Connected();
        using VhostUserRig rig = new VhostUserRig().Connected();
        using var next = new VhostUserPeer();
        using (var slow = new LingeringSocket())
        {
            Queue(rig, next, peer => peer.SendRaw(SetOwner, slow.Descriptor));
            slow.Descriptor.Dispose();
            LetInNext(rig);
            Until.True(() => Flood(next) && rig.Port.LastFault == VhostUserFault.BadMessage, "the end of the connection");
            Assert.EndsWith("that wait to be closed", rig.Port.CloseReason);
            Assert.Equal($"what came from {rig.Path} is still being closed", rig.Port.LinkDownReason);
            Until.True(() => CountThreads() == 1, "one thread that closes");
            Assert.Equal(other.Peer.Offered, other.Peer.AskNumber(1));
            Assert.Equal(VhostUserFault.BadMessage, rig.Port.LastFault);
        }
        rig.WorksAgain();
    }

    [Fact]
    public void ClosesAPortWhileSomebodyWaitsToBeLetIn()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        using var next = new VhostUserPeer();
        using var slow = new LingeringSocket();
        Queue(rig, next, peer => peer.SendRaw(SetOwner, slow.Descriptor));
        slow.Descriptor.Dispose();
        var closing = new Thread(rig.Port.Close) { IsBackground = true };
        closing.Start();
        Assert.True(closing.Join(5000), "waits for the socket");
        VhostUserPort.Open(new VhostUserOptions { Path = rig.Path }).Close();
    }

    /// <summary>
    /// Has another front end say something that is read only later, when it is let in: by then nobody but the port has what it sent.
    /// </summary>
    private static void Queue(VhostUserRig rig, VhostUserPeer next, Action<VhostUserPeer> say)
    {
        next.Connect(rig.Path);
        say(next);
    }

    private static void LetInNext(VhostUserRig rig)
    {
        rig.Peer.Disconnect();
        Until.True(() => !rig.Port.IsLinkUp, "the port to notice");
        Thread.Sleep(100);
    }

    /// <returns>True.</returns>
    private static bool Flood(VhostUserPeer peer)
    {
        for (int i = 0; i < 64; i++)
            peer.SendRaw(SetOwner, peer.File);
        return true;
    }

    private static int CountThreads() => Directory.GetDirectories("/proc/self/task").Count(IsCloser);

    private static bool IsCloser(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).StartsWith("port close", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // It has ended since it was listed.
            return false;
        }
    }
}

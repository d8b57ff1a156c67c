using System.Diagnostics;
using VSwitch.Frames;
using VSwitch.Linux;

namespace VSwitch.Ports.Tests;

/// <summary>Front ends that come and go, rings that stop and start, and sockets that others have used.</summary>
public sealed class VhostUserLifeTests : IDisposable
{
    private readonly string _path = VhostUserPeer.NewPath();
    private readonly List<VhostUserPort> _ports = [];

    public void Dispose()
    {
        foreach (VhostUserPort port in _ports)
            port.Close();
        File.Delete(_path);
    }

    [Fact]
    public void TakesTheSameGuestBackAtOnce()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        PeerRing ring = rig.Peer.Outbound;
        for (byte i = 0; i < 5; i++)
        {
            ring.Send(TestFrames.Plain(seed: i));
            Assert.Equal(TestFrames.Plain(seed: i), rig.ReceiveOne());
            rig.Peer.Disconnect();
            rig.Peer.Start(rig.Path);
        }
        Assert.Equal(5, ring.UsedIndex);
        Until.True(() => rig.Port.CountFaults(VhostUserFault.Disconnected) == 5, "five ends");
    }

    [Fact]
    public void GoesOnWhereTheGuestWasWhenItsFrontEndLeft()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        PeerRing ring = rig.Peer.Outbound;
        ring.Send(TestFrames.Plain(seed: 1));
        rig.ReceiveOne();
        ring.Send(TestFrames.Plain(seed: 2));
        ring.Send(TestFrames.Plain(seed: 3));
        Assert.Equal(2, rig.ReceiveSome());

        // The front end leaves while frames are lent: they stay readable, and the guest hears nothing of them any more.
        rig.Peer.Disconnect();
        Until.True(() => rig.Port.LastFault == VhostUserFault.Disconnected, "the end");
        Assert.Equal(TestFrames.Plain(seed: 3), rig.Batch[1].Bytes());
        rig.Queue.Release(rig.Batch);
        Assert.Equal(1, ring.UsedIndex);

        rig.Peer.Start(rig.Path);
        Assert.Equal(2, rig.ReceiveSome());
        Assert.Equal(TestFrames.Plain(seed: 2), rig.Batch[0].Bytes());
        rig.Queue.Release(rig.Batch);
        Assert.Equal(3, ring.UsedIndex);
    }

    [Fact]
    public void AnswersAStopWhenTheWorkerIsDone()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        PeerRing ring = rig.Peer.Outbound;
        ring.Send(TestFrames.Plain(seed: 1));
        ring.Send(TestFrames.Plain(seed: 2));
        Assert.Equal(2, rig.ReceiveSome());
        int stoppedAt = 0;
        var stopping = new Thread(() => stoppedAt = rig.Peer.StopRing(ring));
        stopping.Start();
        Thread.Sleep(50);
        Assert.True(stopping.IsAlive);

        rig.Queue.Release(rig.Batch);

        stopping.Join();
        Assert.Equal(2, stoppedAt);
        Assert.Equal(2, ring.UsedIndex);
        ring.Send(TestFrames.Plain(seed: 3));
        rig.Batch.Clear();
        Assert.Equal(0, rig.Queue.Receive(rig.Batch));
        rig.Peer.StartRing(ring, from: 2);
        Assert.Equal(TestFrames.Plain(seed: 3), rig.ReceiveOne());
    }

    /// <summary>QEMU disables a ring before it asks, in order to tell the machine that the guest moves to; a reset before that is allowed too.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void SaysWhereARingStoodThatHadStoppedBefore(bool isReset, bool isDisabled)
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        PeerRing ring = rig.Peer.Outbound;
        for (byte i = 0; i < 3; i++)
        {
            ring.Send(TestFrames.Plain(seed: i));
            rig.ReceiveOne();
        }

        if (isReset)
            rig.Peer.Tell(39, VhostUserPeer.Numbers(0));
        if (isDisabled)
            rig.Peer.Enable(ring, false);

        Assert.Equal(3, rig.Peer.StopRing(ring));
    }

    [Fact]
    public void LeavesARingToAWorkerThatStaysAway()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        PeerRing ring = rig.Peer.Outbound;
        ring.Send(TestFrames.Plain(seed: 1));
        Assert.Equal(1, rig.ReceiveSome());

        Assert.Equal(0, rig.Peer.StopRing(ring));

        Assert.Equal(TestFrames.Plain(seed: 1), rig.Batch[0].Bytes());
        rig.Queue.Release(rig.Batch);
        Assert.Equal(0, ring.UsedIndex);
    }

    [Fact]
    public void TakesNothingFromARingThatIsNotEnabled()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        rig.Peer.Enable(rig.Peer.Outbound, false);
        rig.Peer.AskNumber(1);
        rig.Peer.Outbound.Send(TestFrames.Plain());
        rig.Batch.Clear();
        Assert.Equal(0, rig.Queue.Receive(rig.Batch));
        Assert.False(rig.Queue.Arm());

        rig.Peer.Enable(rig.Peer.Outbound, true);
        Assert.Equal(TestFrames.Plain(), rig.ReceiveOne());
    }

    [Fact]
    public void ChangesMemoryUnderRunningRings()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        using Descriptor more = MemoryMap.CreateFile("more", 1 << 20);
        byte[] region = VhostUserPeer.Region(start: 0x1_0000_0000, bytes: 1 << 20, user: 0x7E00_0000_0000);
        rig.Peer.Negotiate(VhostUserPeer.Usual, protocolFeatures: 1 << 3 | 1 << 15);
        Assert.Equal(32UL, rig.Peer.AskNumber(36));
        Assert.Equal(0UL, rig.Peer.TellAcknowledged(37, [.. VhostUserPeer.Numbers(0), .. region], more));

        // QEMU says everything about memory once for each queue pair.
        Assert.Equal(0UL, rig.Peer.TellAcknowledged(37, [.. VhostUserPeer.Numbers(0), .. region], more));
        byte[] frame = TestFrames.Plain(seed: 4);
        using (MemoryMap map = MemoryMap.Shared(more, 0, 1 << 20))
        {
            unsafe
            {
                frame.CopyTo(new Span<byte>(map.Data + 1012, frame.Length));
            }
        }
        rig.Peer.Outbound.Describe(0, 0x1_0000_0000 + 1000, (uint)frame.Length + 12, 0);
        rig.Peer.Outbound.Offer(0);
        Assert.Equal(frame, rig.ReceiveOne());

        Assert.Equal(0UL, rig.Peer.TellAcknowledged(38, [.. VhostUserPeer.Numbers(0), .. region]));
        Assert.Equal(0UL, rig.Peer.TellAcknowledged(38, [.. VhostUserPeer.Numbers(0), .. region]));
        rig.Peer.Outbound.Offer(0);
        Assert.Equal(0, rig.Queue.ReceiveSoon(rig.Batch));
        rig.WaitFault(VhostUserFault.BadAddress);
    }

    [Fact]
    public void ForgetsRingsWhenTheDeviceIsReset()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        rig.Peer.TellAndWait(34, []);
        Assert.False(rig.Port.IsLinkUp);
        foreach (PeerRing ring in rig.Peer.Rings)
            rig.Peer.StartRing(ring);
        rig.Peer.AskNumber(1);
        Assert.True(rig.Port.IsLinkUp);
    }

    [Fact]
    public void KeepsTheDeviceStatus()
    {
        using VhostUserRig rig = new VhostUserRig().Connected();
        rig.Peer.Tell(39, VhostUserPeer.Numbers(15));
        Assert.Equal(15UL, rig.Peer.AskNumber(40));
        Assert.True(rig.Port.IsLinkUp);
        rig.Peer.TellAndWait(39, VhostUserPeer.Numbers(0));
        Assert.False(rig.Port.IsLinkUp);
    }

    [Fact]
    public void RunsWithoutProtocolFeatures()
    {
        using var rig = new VhostUserRig();
        rig.Peer.Connect(rig.Path);
        rig.Peer.Negotiate(VhostUserPeer.Version1);
        rig.Peer.ShareMemory();
        PeerRing ring = rig.Peer.Outbound;
        rig.Peer.Tell(8, VhostUserPeer.State(1, ring.Size));
        rig.Peer.Tell(9, VhostUserPeer.Address(ring));
        rig.Peer.TellAndWait(12, VhostUserPeer.Numbers(1), ring.Kick.Descriptor);
        ring.Send(TestFrames.Plain());
        Assert.Equal(TestFrames.Plain(), rig.ReceiveOne());
    }

    [Fact]
    public void ReadsRequestsThatComeInPieces()
    {
        using var rig = new VhostUserRig();
        rig.Peer.Connect(rig.Path);
        foreach (byte one in new byte[] { 20, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 0x40, 0x1F, 0, 0, 0, 0, 0, 0 })
        {
            rig.Peer.SendRaw([one]);
            Thread.Sleep(1);
        }
        Until.True(() => rig.Port.MtuBytes == 8000, "the MTU");
    }

    [Fact]
    public void ConnectsAsAClientAndAgainAfterwards()
    {
        VhostUserPort port = Open(isClient: true);
        using var peer = new VhostUserPeer();
        for (int i = 1; i <= 3; i++)
        {
            using (UnixSocket listener = UnixSocket.Listen(_path))
            {
                peer.Accept(listener);
                peer.Negotiate(VhostUserPeer.Usual);
                peer.ShareMemory();
                peer.StartRing(peer.Inbound);
                Until.True(() => port.IsLinkUp, "the link");
            }
            File.Delete(_path);
            peer.Disconnect();
            Until.True(() => port.CountFaults(VhostUserFault.Disconnected) == (ulong)i, "the port to notice");
        }
        port.Close();
        Assert.False(File.Exists(_path));
    }

    /// <summary>The peer hangs up without a word, or asks for the features and goes on with a message of another version, for which it is sent away.</summary>
    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0 })]
    public void TakesItsTimeWithAPeerThatIsOfNoUse(byte[] words)
    {
        using UnixSocket listener = UnixSocket.Listen(_path);
        Open(isClient: true);
        int attempts = 0;
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(1);)
        {
            using UnixSocket? connection = listener.TryAccept();
            attempts += connection is null ? 0 : 1;
            if (connection is not null && words.Length > 0)
            {
                connection.Send(words, []);
                Poll.WaitReadable(connection.Number, 100);
            }
            Poll.WaitReadable(listener.Number, 10);
        }
        Assert.InRange(attempts, 2, 6);

        // One that has talked may come back at once. The processor may be busy elsewhere now and then.
        using var peer = new VhostUserPeer();
        peer.Accept(listener);
        long shortest = long.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            peer.AskNumber(1);
            peer.Disconnect();
            var pause = Stopwatch.StartNew();
            peer.Accept(listener);
            shortest = Math.Min(shortest, pause.ElapsedMilliseconds);
        }
        Assert.InRange(shortest, 0, 500);
    }

    [Fact]
    public void ReplacesASocketThatNobodyListensOn()
    {
        UnixSocket.Listen(_path).Dispose();
        Assert.True(File.Exists(_path));

        VhostUserPort port = Open();
        using var peer = new VhostUserPeer();
        peer.Connect(_path);
        port.Close();
        Assert.False(File.Exists(_path));
    }

    [Fact]
    public void LeavesASocketThatSomebodyListensOn()
    {
        Open();
        PortException refusal = Assert.Throws<PortException>(() => Open());
        Assert.Contains(_path, refusal.Message, StringComparison.Ordinal);
        using var peer = new VhostUserPeer();
        peer.Start(_path);
    }

    [Fact]
    public void LetsOwnerAndGroupConnect()
    {
        Open();
        const UnixFileMode both = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        Assert.Equal(both, File.GetUnixFileMode(_path));
    }

    [Fact]
    public void SaysWhomItWaitsFor()
    {
        VhostUserPort port = Open();
        Assert.Equal($"nobody is connected to {_path}", port.LinkDownReason);
        using var peer = new VhostUserPeer();
        peer.Connect(_path);
        Until.True(() => port.LinkDownReason == "the guest has not started the device", "the connection");
        peer.SendRaw([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        Until.True(() => port.LinkDownReason.StartsWith($"nobody is connected to {_path}; the last was sent away, bad-message: ", StringComparison.Ordinal), "the end");
        port.Close();

        Assert.Equal($"nobody listens at {_path}", Open(isClient: true).LinkDownReason);
    }

    [Fact]
    public void LeavesAFileThatIsNoSocket()
    {
        File.WriteAllText(_path, "mine");
        Assert.Throws<PortException>(() => Open());
        Assert.Equal("mine", File.ReadAllText(_path));
        File.Delete(_path);
    }

    [Fact]
    public void LeavesASocketThatTookTheNameMeanwhile()
    {
        VhostUserPort port = Open();
        File.Delete(_path);
        using UnixSocket other = UnixSocket.Listen(_path);
        port.Close();
        Assert.True(File.Exists(_path));
        File.Delete(_path);
    }

    [Fact]
    public void RefusesAPathThatIsTooLong()
    {
        string path = Path.Combine(Path.GetTempPath(), new string('x', 108));
        Assert.Throws<PortException>(() => VhostUserPort.Open(new VhostUserOptions { Path = path }));
    }

    private VhostUserPort Open(bool isClient = false)
    {
        VhostUserPort port = VhostUserPort.Open(new VhostUserOptions { Path = _path, IsClient = isClient });
        _ports.Add(port);
        return port;
    }
}

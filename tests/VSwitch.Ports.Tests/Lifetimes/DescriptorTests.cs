using System.Text.RegularExpressions;
using VSwitch.Frames;

namespace VSwitch.Ports.Tests;

/// <summary>
/// Ports whose netdev or peer goes away with frames lent, over and over, leave no descriptor open. Nothing else runs meanwhile
/// that could open one.
/// </summary>
public sealed partial class DescriptorTests : IDisposable
{
    private const int LifeCount = 10;

    private readonly TestNamespace _namespace = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("vswitch-descriptors-").FullName;

    [Fact]
    public void OfTapsThatWereDeleted() => AssertNoneIsLeft(() =>
    {
        TapPort port = TapPort.Open(new TapOptions { Name = "eth0", Namespace = _namespace.Name });
        using var peer = new RawPeer(_namespace, "eth0");
        Use(port, frame => peer.Send(frame), () => _namespace.Ip("link del eth0"));
        port.RefreshLink();
        port.Close();
    });

    [Fact]
    public void OfTapsWhoseNamespaceWasDeleted() => AssertNoneIsLeft(() =>
    {
        using var inside = new TestNamespace();
        TapPort port = TapPort.Open(new TapOptions { Name = "eth0", Namespace = inside.Name });
        using (var peer = new RawPeer(inside, "eth0"))
            Use(port, frame => peer.Send(frame), inside.Dispose);
        port.RefreshLink();
        Assert.True(port.IsGone);
        port.Close();
    });

    [Fact]
    public void OfNetdevsThatWereDeletedAndMadeAgain() => AssertNoneIsLeft(() =>
    {
        const string make = "link add port0 type veth peer name peer0";
        _namespace.Ip(make);
        PacketPort port = PacketPort.Open(new PacketOptions { Name = "port0", Namespace = _namespace.Name });
        for (int i = 0; i < 2; i++)
        {
            _namespace.Ip("link set peer0 up");
            using var peer = new RawPeer(_namespace, "peer0");
            Use(port, frame => peer.Send(frame), () => _namespace.Ip("link del port0"));
            _namespace.Ip(make);
            port.RefreshLink();
        }
        port.Close();
        _namespace.Ip("link del port0");
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void OfStreamsThatHungUp(bool isClient) => AssertNoneIsLeft(() =>
    {
        string path = Path.Combine(_folder, "vm.sock");
        StreamPort port = StreamPort.Open(new StreamOptions { Path = path, IsClient = isClient });
        for (int i = 0; i < 3; i++)
        {
            using var peer = new StreamPeer(path, listens: isClient);
            Use(port, peer.Send, peer.HangUp);
        }
        port.Close();
        Until.True(() => !port.LinkDownReason.EndsWith("still being closed", StringComparison.Ordinal), "the sockets to be closed");
    });

    public void Dispose()
    {
        _namespace.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static void AssertNoneIsLeft(Action life)
    {
        // The first life makes what the process keeps; what tests before this one have forgotten is closed now.
        life();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        int before = CountOpen();
        for (int i = 0; i < LifeCount; i++)
            life();

        // At once: later, the collector would close some of those that were forgotten.
        Assert.Equal(before, CountOpen());
    }

    /// <summary>Counts what ports open, and not the pipes to the programs that were run here, nor the runtime's own files.</summary>
    private static int CountOpen() => Directory.GetFileSystemEntries("/proc/self/fd").Count(path => OpenedByPorts().IsMatch(new FileInfo(path).LinkTarget ?? ""));

    [GeneratedRegex("^(socket|anon_inode|net|/dev/net/tun|/run/netns)")]
    private static partial Regex OpenedByPorts();

    /// <summary>Receives frames, has the other end leave while they are lent, and sends one after it.</summary>
    private static void Use(IPort port, Action<byte[]> sendFromPeer, Action leave)
    {
        using var batch = new FrameBatch();
        var copies = new SendList();
        var counters = new PortCounters();
        ISendQueue send = port.OpenSendQueue(0);
        port.Start();
        do
            sendFromPeer(TestFrames.Plain());
        while (port.ReceiveQueues[0].ReceiveSoon(batch, milliseconds: 50) == 0);

        leave();
        copies.Add(0, SendEntry.Untagged);
        send.Send(batch, copies, counters);
        Assert.Equal(1UL, counters.Sent + counters.Drops(DropReason.LinkDown));
        Assert.Equal(TestFrames.Plain(), batch[0].Bytes());
        port.ReceiveQueues[0].Release(batch);
        batch.Clear();
        port.ReceiveQueues[0].Receive(batch);
        port.ReceiveQueues[0].Release(batch);
    }
}

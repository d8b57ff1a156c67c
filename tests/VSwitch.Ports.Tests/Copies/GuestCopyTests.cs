using System.Security.Cryptography;
using VSwitch.Frames;
using VSwitch.Linux;

namespace VSwitch.Ports.Tests;

/// <summary>
/// How often a frame from a guest is copied: to another guest once, to a netdev or a stream not at all but by the kernel. The
/// guest writes a secret into the payload after its frame has been received, so that what arrives was read when it was sent;
/// and then the secret must be in guest memory and nowhere in ours.
/// </summary>
public sealed unsafe class GuestCopyTests : IDisposable
{
    private const int SecretOffset = 1100;
    private const int SecretBytes = 64;
    private const int SegmentBytes = 1446;
    private const int Vlan = 100;

    private const string Complete = "complete", PartialChecksum = "partial checksum", Gso = "GSO";

    private static readonly EgressPacket Packet = new() { Payload = new byte[1300] };
    private static readonly EgressPacket LongPacket = new() { Payload = new byte[3400] };

    private readonly VhostUserRig _sender = new VhostUserRig().Connected(VhostUserPeer.Usual | VhostUserPeer.GuestOffloads);

    /// <summary>Where the sending guest has its frame.</summary>
    private byte* SentFrame => _sender.Peer.Outbound.Buffer(0) + _sender.Peer.Outbound.HeaderBytes;

    private ReadOnlySpan<byte> Secret => new(SentFrame + SecretOffset, SecretBytes);

    /// <summary>Into one buffer or several; as it came, with a tag put in, with its checksum finished, whole or cut.</summary>
    [Theory]
    [InlineData(Complete, VhostUserPeer.Usual, 4096, SendEntry.Untagged)]
    [InlineData(Complete, VhostUserPeer.Usual, 1024, SendEntry.Untagged)]
    [InlineData(Complete, VhostUserPeer.Usual, 4096, Vlan)]
    [InlineData(PartialChecksum, VhostUserPeer.Usual, 4096, SendEntry.Untagged)]
    [InlineData(Gso, VhostUserPeer.Usual, 4096, SendEntry.Untagged)]
    [InlineData(Gso, VhostUserPeer.Usual | VhostUserPeer.GuestOffloads, 1024, SendEntry.Untagged)]
    [InlineData(Gso, VhostUserPeer.Usual | VhostUserPeer.GuestOffloads, 1024, Vlan)]
    public void GuestToGuestIsOneCopy(string what, ulong features, int bufferBytes, int tci)
    {
        using VhostUserRig receiver = new VhostUserRig().Connected(features);
        receiver.Peer.Inbound.OfferBuffers(16, bufferBytes);

        SendSecret(receiver.SendQueue, what, tci);

        var memory = new ReadOnlySpan<byte>(receiver.Peer.Memory, VhostUserPeer.MemoryBytes);
        int found = memory.IndexOf(Secret);
        Assert.True(found >= 0);
        Assert.Equal(-1, memory[(found + 1)..].IndexOf(Secret));
    }

    [Theory]
    [InlineData(Complete, SendEntry.Untagged)]
    [InlineData(Complete, Vlan)]
    [InlineData(Gso, SendEntry.Untagged)]
    public void GuestToTapIsNoCopyOfOurs(string what, int tci)
    {
        using var inside = new TestNamespace();
        TapPort port = TapPort.Open(new TapOptions { Name = "eth0", Namespace = inside.Name });
        SendSecretToNetdev(port, inside, "eth0", what, tci);
    }

    [Theory]
    [InlineData(Complete, SendEntry.Untagged)]
    [InlineData(Complete, Vlan)]
    [InlineData(Gso, SendEntry.Untagged)]
    public void GuestToPacketIsNoCopyOfOurs(string what, int tci)
    {
        using var inside = new TestNamespace();
        inside.Ip("link add port0 type veth peer name peer0");
        inside.Ip("link set peer0 up");
        PacketPort port = PacketPort.Open(new PacketOptions { Name = "port0", Namespace = inside.Name });
        SendSecretToNetdev(port, inside, "peer0", what, tci);
    }

    [Theory]
    [InlineData(Complete)]
    [InlineData(PartialChecksum)]
    [InlineData(Gso)]
    public void GuestToStreamIsNoCopyOfOurs(string what)
    {
        using var bench = new StreamBench();
        bench.Connect();

        SendSecret(bench.Port.OpenSendQueue(1), what, SendEntry.Untagged);

        Assert.True(bench.Peer.ReceiveFrame().AsSpan().IndexOf(Secret) >= 0);
    }

    /// <summary>Head and tail of what a port lends are parts of the file that the guest shares, whatever the buffers.</summary>
    [Theory]
    [InlineData(1512)]
    [InlineData(12, 1500)]
    [InlineData(12, 700, 800)]
    [InlineData(268, 1, 1243)]
    public void LendsGuestMemory(params int[] buffers)
    {
        _sender.Peer.Outbound.Send(TestFrames.Plain(bytes: 1500), default, buffers);
        Assert.Equal(1, _sender.Queue.ReceiveSoon(_sender.Batch));

        ref readonly Frame frame = ref _sender.Batch[0];
        Assert.StartsWith("/memfd:guest", OwnMemory.FileAt(frame.Data), StringComparison.Ordinal);
        foreach (ref readonly Segment segment in frame.TailSegments)
            Assert.StartsWith("/memfd:guest", OwnMemory.FileAt(segment.Data), StringComparison.Ordinal);
        _sender.Queue.Release(_sender.Batch);
    }

    /// <summary>The search that all this rests on finds copies, on the heap and across the blocks that it reads.</summary>
    [Fact]
    public void FindsCopiesWhereThereAreSome()
    {
        WriteSecret();
        byte[] inverted = OwnMemory.Inverted(Secret);
        Assert.Equal(0, OwnMemory.Count(inverted));

        byte[] copy = GC.AllocateArray<byte>(SecretBytes, pinned: true);
        Secret.CopyTo(copy);
        Assert.Equal(1, OwnMemory.Count(inverted));

        using MemoryMap mapping = MemoryMap.Anonymous(4 << 20);
        Secret.CopyTo(new Span<byte>(mapping.Data + (1 << 20) - 10, SecretBytes));
        Assert.Equal(2, OwnMemory.Count(inverted));
        GC.KeepAlive(copy);
    }

    public void Dispose() => _sender.Dispose();

    private void SendSecretToNetdev(IPort port, TestNamespace inside, string netdev, string what, int tci)
    {
        ISendQueue queue = port.OpenSendQueue(0);
        using var peer = new RawPeer(inside, netdev);
        port.Start();
        AwaitReady(port, peer);

        SendSecret(queue, what, tci);

        Assert.True(peer.Receive(like: Packet.ToBytes(isPartial: false)).AsSpan().IndexOf(Secret) >= 0);
        port.Close();
    }

    /// <summary>For a moment after its carrier is on, a netdev throws away what is sent.</summary>
    private void AwaitReady(IPort port, RawPeer peer)
    {
        do
            peer.Send(TestFrames.Plain());
        while (port.ReceiveQueues[0].ReceiveSoon(_sender.Batch, milliseconds: 50) == 0);
        port.ReceiveQueues[0].Release(_sender.Batch);
    }

    /// <summary>Has the guest send a frame, writes the secret into it where it lies, and sends it on.</summary>
    private void SendSecret(ISendQueue queue, string what, int tci)
    {
        EgressPacket packet = what == Gso ? LongPacket : Packet;
        Offload offload = what switch
        {
            Gso => packet.Gso(SegmentBytes),
            PartialChecksum => packet.PartialChecksum,
            _ => default,
        };
        _sender.Peer.Outbound.Send(packet.ToBytes(isPartial: what != Complete), offload);
        Assert.Equal(1, _sender.Queue.ReceiveSoon(_sender.Batch));

        WriteSecret();
        var copies = new SendList();
        var counters = new PortCounters();
        copies.Add(0, tci);
        queue.Send(_sender.Batch, copies, counters);

        Assert.Equal(1UL, counters.Sent);
        Assert.Equal(0, OwnMemory.Count(OwnMemory.Inverted(Secret)));
        _sender.Queue.Release(_sender.Batch);
    }

    private void WriteSecret() => RandomNumberGenerator.Fill(new Span<byte>(SentFrame + SecretOffset, SecretBytes));
}

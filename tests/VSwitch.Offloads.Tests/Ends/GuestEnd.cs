using VSwitch.Ports;

namespace VSwitch.Offloads.Tests;

/// <summary>A guest behind a vhost-user port, with all the offloads that QEMU agrees to by default, or with none.</summary>
internal sealed class GuestEnd : FarEnd
{
    /// <summary>VIRTIO_NET_F_CSUM, HOST_TSO4, HOST_TSO6, HOST_ECN and HOST_USO of virtio 1.3 section 5.1.3.</summary>
    private const ulong HostOffloads = 1UL << 0 | 1UL << 11 | 1UL << 12 | 1UL << 13 | 1UL << 56;

    /// <summary>VIRTIO_NET_F_GUEST_USO4 and GUEST_USO6.</summary>
    private const ulong GuestUso = 1UL << 54 | 1UL << 55;

    private const ulong Plain = VhostUserPeer.Version1 | VhostUserPeer.Indirect | VhostUserPeer.Protocol;
    private const ulong WithOffloads = Plain | VhostUserPeer.Mergeable | VhostUserPeer.GuestOffloads | GuestUso | HostOffloads;
    private const int BufferCount = 200;

    /// <summary>Odd, as where a stack's fragments end: checksums are summed up over words that lie across two pieces.</summary>
    private const int PieceBytes = 1001;

    private readonly VhostUserPeer _peer = new();

    private GuestEnd(VhostUserPort port, bool hasOffloads) : base(port, hasOffloads)
    {
    }

    public static GuestEnd Open(bool hasOffloads) =>
        new(VhostUserPort.Open(new VhostUserOptions { Path = VhostUserPeer.NewPath() }), hasOffloads);

    public override void Connect()
    {
        _peer.Start(Port.Name, HasOffloads ? WithOffloads : Plain);
        _peer.Inbound.OfferBuffers(BufferCount);
        Until.True(() => Port.IsLinkUp, "the link");
    }

    /// <summary>A driver hands a long frame over in pieces.</summary>
    public override void Send(Delivery delivery)
    {
        PeerRing ring = _peer.Outbound;
        int bytes = ring.HeaderBytes + delivery.Frame.Length;
        int[] pieces = [.. Enumerable.Repeat(PieceBytes, bytes / PieceBytes), bytes % PieceBytes];
        ring.Send(delivery.Frame, delivery.Offload, pieces);
    }

    public override IEnumerable<Delivery> Take() =>
        _peer.Inbound.TakeReceived().Select(received => new Delivery(received.Frame, received.Offload));

    public override void Dispose() => _peer.Dispose();
}

using VSwitch.Ports;

namespace VSwitch.Offloads.Tests;

/// <summary>A VM behind a stream port. QEMU's framing has no room for metadata, so every frame is complete.</summary>
internal sealed class StreamEnd : FarEnd
{
    private readonly StreamPeer _peer;

    private StreamEnd(StreamPort port) : base(port, hasOffloads: false) => _peer = new StreamPeer(port.Name);

    public static StreamEnd Open() => new(StreamPort.Open(new StreamOptions { Path = VhostUserPeer.NewPath() }));

    public override void Connect() => _peer.Connect();

    public override void Send(Delivery delivery) => _peer.Send(delivery.Frame);

    public override IEnumerable<Delivery> Take()
    {
        while (_peer.IsReadable)
            yield return new Delivery(_peer.ReceiveFrame(), default);
    }

    public override void Dispose() => _peer.Dispose();
}

namespace VSwitch.Ports.Tests;

/// <summary>A TAP port; its other end is the netdev.</summary>
public sealed class TapPortBehaviour : PortBehaviour
{
    private readonly TestNamespace _namespace = new();
    private readonly TapPort _port;
    private readonly RawPeer _peer;

    public TapPortBehaviour()
    {
        _port = TapPort.Open(new TapOptions { Name = "eth0", Namespace = _namespace.Name });
        _peer = new RawPeer(_namespace, "eth0");
    }

    protected override IPort Port => _port;

    protected override void RefreshLink() => _port.RefreshLink();

    protected override void SendFromPeer(byte[] frame) => _peer.Send(frame);

    protected override byte[] ReceiveAtPeer(byte[] like) => _peer.Receive(like);

    protected override void SetLink(bool up) => _namespace.Ip($"link set eth0 {(up ? "up" : "down")}");

    protected override void SetMtu(int bytes) => _namespace.Ip($"link set eth0 mtu {bytes}");

    protected override void RemovePeer() => _namespace.Ip("link del eth0");

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _peer.Dispose();
        _namespace.Dispose();
    }
}

namespace VSwitch.Ports.Tests;

/// <summary>A packet port on one end of a veth pair; the other end is its peer's.</summary>
public sealed class PacketPortBehaviour : PortBehaviour
{
    private readonly TestNamespace _namespace = new();
    private readonly PacketPort _port;
    private readonly RawPeer _peer;

    public PacketPortBehaviour()
    {
        _namespace.Ip("link add port0 type veth peer name peer0");
        _namespace.Ip("link set peer0 up");
        _port = PacketPort.Open(new PacketOptions { Name = "port0", Namespace = _namespace.Name });
        _peer = new RawPeer(_namespace, "peer0");
    }

    protected override IPort Port => _port;

    protected override void RefreshLink() => _port.RefreshLink();

    protected override void SendFromPeer(byte[] frame) => _peer.Send(frame);

    protected override byte[] ReceiveAtPeer(byte[] like) => _peer.Receive(like);

    protected override void SetLink(bool up) => _namespace.Ip($"link set port0 {(up ? "up" : "down")}");

    protected override void SetMtu(int bytes) => _namespace.Ip($"link set port0 mtu {bytes}");

    protected override void RemovePeer() => _namespace.Ip("link del port0");

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _peer.Dispose();
        _namespace.Dispose();
    }
}

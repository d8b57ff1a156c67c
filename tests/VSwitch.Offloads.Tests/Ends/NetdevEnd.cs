using VSwitch.Ports;

namespace VSwitch.Offloads.Tests;

/// <summary>
/// The user of a netdev, as the kernel sees one: of the TAP that a port has made, or of the other end of the veth pair that a
/// port is attached to. What leaves its socket takes the way of what a TCP stack sends there.
/// </summary>
internal sealed class NetdevEnd : FarEnd
{
    private readonly VirtioSocket _socket;

    private NetdevEnd(IPort port, VirtioSocket socket) : base(port, hasOffloads: true) => _socket = socket;

    public static NetdevEnd OfTap(TestNamespace inside, string netdev)
    {
        TapPort port = TapPort.Open(new TapOptions { Name = netdev, Namespace = inside.Name });
        return new NetdevEnd(port, new VirtioSocket(inside, netdev));
    }

    public static NetdevEnd OfCable(TestNamespace inside, string netdev)
    {
        inside.Ip($"link add {netdev} type veth peer name {netdev}-far");
        inside.Ip($"link set {netdev}-far up");
        PacketPort port = PacketPort.Open(new PacketOptions { Name = netdev, Namespace = inside.Name });
        return new NetdevEnd(port, new VirtioSocket(inside, netdev + "-far"));
    }

    public override void Send(Delivery delivery) => _socket.Send(delivery);

    public override IEnumerable<Delivery> Take()
    {
        while (_socket.TryReceive() is { } delivery)
            yield return delivery;
    }

    public override void Dispose() => _socket.Dispose();
}

namespace VSwitch.Integration.Tests.PacketPorts;

/// <summary>A host with a TAP and two veths, whose other ends it attaches as packet ports.</summary>
public sealed class PacketPortLab : IDisposable
{
    private const string Configuration = """
        port-profile type ethernet uplink
          switchport mode trunk
          switchport trunk allowed vlan 10
          no shutdown
          state enabled
        port-profile type vethernet ten
          switchport mode access
          switchport access vlan 10
          no shutdown
          state enabled
        """;

    public PacketPortLab()
    {
        Lab = Laboratory.WithHosts(2, Configuration);
        Tap = Lab.AddEndpoint(Host, "tap", "ten", "10.3.0.1/24", "fd00:3::1/64");
        Packet = Lab.AddPacketEndpoint(Host, "packet", "ten", "10.3.0.2/24", "fd00:3::2/64");
        Packet2 = Lab.AddPacketEndpoint(Host, "packet2", "ten", "10.3.0.3/24", "fd00:3::3/64");
        Away = Lab.AddPacketEndpoint(Lab.Hosts[1], "away", "ten", "10.3.0.4/24", "fd00:3::4/64");
    }

    public Laboratory Lab { get; }

    public LabHost Host => Lab.Hosts[0];

    public Endpoint Tap { get; }

    public Endpoint Packet { get; }

    public Endpoint Packet2 { get; }

    /// <summary>On the other host.</summary>
    public Endpoint Away { get; }

    public void Dispose() => Lab.Dispose();
}

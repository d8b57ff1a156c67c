namespace VSwitch.Integration.Tests.Traffic;

/// <summary>Endpoints of whom nobody says a word by himself: trunks with native VLAN 20 that allow 10 and 20, and access ports.</summary>
public sealed class TrunkLab : IDisposable
{
    private const string Configuration = """
        port-profile type ethernet uplink
          switchport mode trunk
          switchport trunk allowed vlan 10,20,30
          no shutdown
          state enabled
        port-profile type vethernet trunk
          switchport mode trunk
          switchport trunk allowed vlan 10,20
          switchport trunk native vlan 20
          no shutdown
          state enabled
        port-profile type vethernet access
          switchport mode access
          no shutdown
          state enabled
        port-profile type vethernet ten
          inherit port-profile access
          switchport access vlan 10
          state enabled
        port-profile type vethernet twenty
          inherit port-profile access
          switchport access vlan 20
          state enabled
        port-profile type vethernet thirty
          inherit port-profile access
          switchport access vlan 30
          state enabled
        """;

    private readonly List<Wire> _wires = [];

    public TrunkLab()
    {
        Lab = Laboratory.WithHosts(2, Configuration);
        Trunk = Add(0, "trunk");
        TrunkAway = Add(1, "trunk");
        Ten = Add(0, "ten");
        TenAway = Add(1, "ten");
        Twenty = Add(0, "twenty");
        Thirty = Add(0, "thirty");
        PacketTrunk = Add(0, "trunk", isPacket: true);
    }

    public Laboratory Lab { get; }

    public Wire Trunk { get; }

    public Wire TrunkAway { get; }

    public Wire Ten { get; }

    public Wire TenAway { get; }

    public Wire Twenty { get; }

    public Wire Thirty { get; }

    /// <summary>A trunk on a packet port, where the kernel takes the tags out of the frames.</summary>
    public Wire PacketTrunk { get; }

    public void Dispose()
    {
        foreach (Wire wire in _wires)
            wire.Dispose();
        Lab.Dispose();
    }

    private Wire Add(int hostIndex, string profile, bool isPacket = false)
    {
        LabHost host = Lab.Hosts[hostIndex];
        string vm = $"{profile}-{_wires.Count}";
        Endpoint endpoint = isPacket ? Lab.AddPacketEndpoint(host, vm, profile) : Lab.AddEndpoint(host, vm, profile);
        host.WaitForForwarding(endpoint);
        var wire = new Wire(endpoint);
        _wires.Add(wire);
        return wire;
    }
}

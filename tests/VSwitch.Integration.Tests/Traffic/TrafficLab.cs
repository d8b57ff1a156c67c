namespace VSwitch.Integration.Tests.Traffic;

/// <summary>Two hosts with endpoints in VLAN 10 on both, and one in VLAN 20, for tests that only pass traffic.</summary>
public sealed class TrafficLab : IDisposable
{
    private const string Configuration = """
        port-profile type ethernet uplink
          switchport mode trunk
          switchport trunk allowed vlan 10,20
          no shutdown
          state enabled
        port-profile type vethernet ten
          switchport mode access
          switchport access vlan 10
          no shutdown
          state enabled
        port-profile type vethernet twenty
          switchport mode access
          switchport access vlan 20
          no shutdown
          state enabled
        """;

    public TrafficLab()
    {
        Lab = Laboratory.WithHosts(2, Configuration);
        Here = Lab.AddEndpoint(Lab.Hosts[0], "here", "ten", "10.1.0.1/24", "fd00:1::1/64");
        Beside = Lab.AddEndpoint(Lab.Hosts[0], "beside", "ten", "10.1.0.2/24", "fd00:1::2/64");
        Away = Lab.AddEndpoint(Lab.Hosts[1], "away", "ten", "10.1.0.3/24", "fd00:1::3/64");
        Alien = Lab.AddEndpoint(Lab.Hosts[0], "alien", "twenty", "10.1.0.4/24", "fd00:1::4/64");
        AlienAway = Lab.AddEndpoint(Lab.Hosts[1], "alien-away", "twenty", "10.1.0.5/24", "fd00:1::5/64");
    }

    public Laboratory Lab { get; }

    /// <summary>VLAN 10, on the first host.</summary>
    public Endpoint Here { get; }

    /// <summary>VLAN 10, on the same host as <see cref="Here"/>.</summary>
    public Endpoint Beside { get; }

    /// <summary>VLAN 10, on the other host.</summary>
    public Endpoint Away { get; }

    /// <summary>VLAN 20, on the first host.</summary>
    public Endpoint Alien { get; }

    /// <summary>VLAN 20, on the other host.</summary>
    public Endpoint AlienAway { get; }

    public void Dispose() => Lab.Dispose();
}

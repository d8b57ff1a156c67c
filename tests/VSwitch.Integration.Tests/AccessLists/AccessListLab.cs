namespace VSwitch.Integration.Tests.AccessLists;

/// <summary>Two hosts with access lists of every direction between their endpoints.</summary>
public sealed class AccessListLab : IDisposable
{
    private const string Configuration = """
        ip access-list no-telnet
          statistics per-entry
          10 deny tcp any any eq 23
          20 permit ip any any
        ip access-list answers-only
          statistics per-entry
          10 permit tcp any any established
          20 permit icmp any any
          30 deny ip any any
        ip access-list not-from-two
          statistics per-entry
          10 deny udp host 10.2.0.2 any range 9000 9010
          20 permit ip any any
        port-profile type ethernet uplink
          switchport mode trunk
          switchport trunk allowed vlan 10
          no shutdown
          state enabled
        port-profile type vethernet open
          switchport mode access
          switchport access vlan 10
          no shutdown
          state enabled
        port-profile type vethernet no-telnet
          inherit port-profile open
          ip port access-group no-telnet in
          state enabled
        port-profile type vethernet shy
          inherit port-profile open
          ip port access-group answers-only out
          state enabled
        port-profile type vethernet picky
          inherit port-profile open
          ip access-group not-from-two out
          state enabled
        """;

    public AccessListLab()
    {
        Lab = Laboratory.WithHosts(2, Configuration);
        NoTelnet = Lab.AddEndpoint(Lab.Hosts[0], "no-telnet", "no-telnet", "10.2.0.1/24");
        Open = Lab.AddEndpoint(Lab.Hosts[0], "open", "open", "10.2.0.2/24");
        Shy = Lab.AddEndpoint(Lab.Hosts[1], "shy", "shy", "10.2.0.3/24");
        Picky = Lab.AddEndpoint(Lab.Hosts[1], "picky", "picky", "10.2.0.4/24");
    }

    public Laboratory Lab { get; }

    /// <summary>May send anything but telnet.</summary>
    public Endpoint NoTelnet { get; }

    public Endpoint Open { get; }

    /// <summary>Gets only ICMP and answers to its own TCP connections.</summary>
    public Endpoint Shy { get; }

    /// <summary>Gets no UDP to ports 9000-9010 from <see cref="Open"/>.</summary>
    public Endpoint Picky { get; }

    public void Dispose() => Lab.Dispose();
}

namespace VSwitch.Integration.Tests.LiveEdits;

/// <summary>Two hosts with ports that inherit from the profile under the knife, and others that have nothing to do with it.</summary>
public sealed class EditLab : IDisposable
{
    private const string Configuration = """
        ip access-list filter
          statistics per-entry
          20 permit ip any any
        port-profile type ethernet uplink
          switchport mode trunk
          switchport trunk allowed vlan 10,11,30
          no shutdown
          state enabled
        port-profile type vethernet parent
          switchport mode access
          no shutdown
          state enabled
        port-profile type vethernet edited
          inherit port-profile parent
          switchport access vlan 10
          ip port access-group filter in
          state enabled
        port-profile type vethernet fixed
          switchport mode access
          switchport access vlan 10
          no shutdown
          state enabled
        port-profile type vethernet unconcerned
          switchport mode access
          switchport access vlan 30
          no shutdown
          state enabled
        """;

    public EditLab()
    {
        Lab = Laboratory.WithHosts(2, Configuration);
        Here = Lab.AddForwardingEndpoint(Lab.Hosts[0], "here", "edited", "10.4.0.1/24");
        Beside = Lab.AddForwardingEndpoint(Lab.Hosts[0], "beside", "edited", "10.4.0.2/24");
        Away = Lab.AddForwardingEndpoint(Lab.Hosts[1], "away", "edited", "10.4.0.3/24");
        Fixed = Lab.AddForwardingEndpoint(Lab.Hosts[1], "fixed", "fixed", "10.4.0.4/24");
        Quiet = [.. Enumerable.Range(0, 3).Select(i => Lab.AddForwardingEndpoint(Lab.Hosts[i / 2], $"quiet{i}", "unconcerned", $"10.4.30.{i + 1}/24"))];
    }

    public Laboratory Lab { get; }

    public Endpoint Here { get; }

    public Endpoint Beside { get; }

    public Endpoint Away { get; }

    /// <summary>VLAN 10 by a profile that nobody edits.</summary>
    public Endpoint Fixed { get; }

    /// <summary>Three ports that no edit concerns: two on the first host, one on the second.</summary>
    public Endpoint[] Quiet { get; }

    public void Dispose() => Lab.Dispose();
}

namespace VSwitch.Integration.Tests.BadInput;

/// <summary>A small lab that every bad input leaves as it is.</summary>
public sealed class BadInputLab : IDisposable
{
    private const string Configuration = """
        port-profile type ethernet uplink
          switchport mode trunk
          switchport trunk allowed vlan 10
          no shutdown
          state enabled
        port-profile type vethernet parent
          switchport mode access
          no shutdown
          state enabled
        port-profile type vethernet child
          inherit port-profile parent
          switchport access vlan 10
          state enabled
        port-profile type vethernet disabled
          inherit port-profile parent
        """;

    public BadInputLab()
    {
        Lab = Laboratory.WithHosts(1, Configuration);
        First = Lab.AddForwardingEndpoint(Lab.Hosts[0], "first", "child", "10.8.0.1/24");
        Second = Lab.AddForwardingEndpoint(Lab.Hosts[0], "second", "child", "10.8.0.2/24");
    }

    public Laboratory Lab { get; }

    public Endpoint First { get; }

    public Endpoint Second { get; }

    public void Dispose() => Lab.Dispose();
}

namespace VSwitch.Vsm.Tests;

public sealed class IssueConfigurationTests
{
    private const string Issue = """
        ip access-list 500
          statistics per-entry
          10 deny tcp any any eq 23
          20 permit ip any any
        port-profile type vethernet server
          switchport mode access
          no shutdown
          state enabled
        port-profile type vethernet webservers
          inherit port-profile server
          switchport access vlan 10
          ip port access-group 500 in
          state enabled
        port-profile type ethernet uplink
          switchport mode trunk
          switchport trunk allowed vlan 10,20
          no shutdown
          state enabled
        interface vethernet 1
          inherit port-profile webservers
        """;

    [Fact]
    public async Task TheConfigurationOfTheQuickstartIsTaken()
    {
        await using TestVsm vsm = await TestVsm.StartAsync(Issue.Split('\n'));

        Assert.Equal(
            """
            vlan 1,10,20

            ip access-list 500
              statistics per-entry
              10 deny tcp any any eq telnet
              20 permit ip any any

            port-profile type vethernet server
              switchport mode access
              no shutdown
              state enabled

            port-profile type ethernet uplink
              switchport mode trunk
              switchport trunk allowed vlan 10,20
              no shutdown
              state enabled

            port-profile type vethernet webservers
              inherit port-profile server
              switchport access vlan 10
              ip port access-group 500 in
              state enabled

            interface Vethernet1
              inherit port-profile webservers

            """,
            vsm.Configuration.CurrentText);
    }

    [Fact]
    public async Task TheConfigurationIsThereAfterARestart()
    {
        await using TestVsm vsm = await TestVsm.StartAsync(Issue.Split('\n'));
        string before = vsm.Configuration.CurrentText;

        await vsm.StopAsync();
        await vsm.StartAgainAsync();

        Assert.Equal(before, vsm.Configuration.CurrentText);
    }
}

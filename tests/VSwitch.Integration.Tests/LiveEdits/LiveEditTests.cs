namespace VSwitch.Integration.Tests.LiveEdits;

/// <summary>A port profile is edited, and all ports that inherit from it follow, on both hosts, and no other does.</summary>
public sealed class LiveEditTests(EditLab lab) : LabTest(lab.Lab, isOwner: false), IClassFixture<EditLab>
{
    private IEnumerable<(LabHost Host, Endpoint Endpoint)> Edited => [(Lab.Hosts[0], lab.Here), (Lab.Hosts[0], lab.Beside), (Lab.Hosts[1], lab.Away)];

    [Fact]
    public void ShutdownInTheParentStopsEveryPortThatInheritsIt()
    {
        lab.Here.WaitForPing(lab.Away);
        Lab.Configure("port-profile parent\nshutdown");
        try
        {
            Wait.Until(() => Edited.All(port => !port.Host.IsForwarding(port.Endpoint)), "all ports to stop");
            Assert.True(lab.Here.CannotPing(lab.Away));
            Assert.True(lab.Here.CannotPing(lab.Beside));
            Assert.True(Lab.Hosts[1].IsForwarding(lab.Fixed));
            // The endpoint sees the cable pulled.
            Assert.Contains("NO-CARRIER", lab.Here.Run("ip", "link", "show", lab.Here.Device), StringComparison.Ordinal);
        }
        finally
        {
            Lab.Configure("port-profile parent\nno shutdown");
        }
        Wait.Until(() => Edited.All(port => port.Host.IsForwarding(port.Endpoint)), "all ports to start");
        lab.Here.WaitForPing(lab.Away);
        lab.Here.WaitForPing(lab.Beside);
    }

    [Fact]
    public void AnotherVlanMovesEveryPort()
    {
        lab.Here.WaitForPing(lab.Fixed);
        Lab.Configure("port-profile edited\nswitchport access vlan 11");
        try
        {
            foreach ((LabHost host, Endpoint endpoint) in Edited)
                Wait.Until(() => host.Vemcmd("show", "l2", "all").Contains($" VLAN 11,", StringComparison.Ordinal), $"{endpoint.Vm} to move");
            lab.Here.WaitForPing(lab.Away);
            lab.Here.WaitForPing(lab.Beside);
            Assert.True(lab.Here.CannotPing(lab.Fixed));
            Assert.True(lab.Away.CannotPing(lab.Fixed));
        }
        finally
        {
            Lab.Configure("port-profile edited\nswitchport access vlan 10");
        }
        lab.Here.WaitForPing(lab.Fixed);
        lab.Away.WaitForPing(lab.Fixed);
    }

    [Fact]
    public void AnEntryAddedToAnAccessListDeniesAtOnce()
    {
        Assert.True(lab.Here.CanConnect(lab.Fixed, 8080));
        Lab.Configure("ip access-list filter\n10 deny tcp any any eq 8080");
        try
        {
            Wait.Until(() => Lab.Hosts.All(HasEntry), "both VEMs to have the entry");
            Assert.True(lab.Here.CannotConnect(lab.Fixed, 8080));
            Assert.True(lab.Away.CannotConnect(lab.Fixed, 8080));
            Assert.True(lab.Fixed.CanConnect(lab.Here, 8080));
        }
        finally
        {
            Lab.Configure("ip access-list filter\nno 10");
        }
        Wait.Until(() => lab.Here.CanConnect(lab.Fixed, 8080), "the entry to go");

        static bool HasEntry(LabHost host) =>
            host.Vemcmd("show", "acl").Split('\n').Any(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["filter", "10", "deny", _]);
    }

    [Fact]
    public void TheCountersOfEntriesThatStayGoOn()
    {
        Assert.True(lab.Here.CanPing(lab.Fixed));
        string before = Lab.AskVems("show access-lists filter");
        Lab.Configure("ip access-list filter\n15 permit udp any any eq 1");
        string after = Lab.AskVems("show access-lists filter");
        Lab.Configure("ip access-list filter\nno 15");

        Assert.Matches(@"\b20 permit .*\[match=[1-9]", before);
        Assert.Matches(@"\b20 permit .*\[match=[1-9]", after);
    }

    /// <summary>
    /// Fifty edits of profile, access list and VLAN while numbered datagrams flow between ports that none of them concerns:
    /// every number arrives.
    /// </summary>
    [Fact]
    public void EditsLoseNoFrameOfPortsThatTheyDoNotConcern()
    {
        using var onOneHost = new NumberedStream(lab.Quiet[0], lab.Quiet[1]);
        using var acrossHosts = new NumberedStream(lab.Quiet[1], lab.Quiet[2]);
        string[] rounds = ["switchport access vlan 11", "shutdown", "ip port access-group filter out", "no ip port access-group filter out", "no shutdown", "switchport access vlan 10"];
        for (int round = 0; round < 8; round++)
            Lab.Configure($"port-profile edited\n{string.Join('\n', rounds)}");
        // What the child says itself would hold against its parent in the other tests.
        Lab.Configure("port-profile edited\ndefault shutdown");
        Lab.Configure("ip access-list filter\n5 deny udp any any eq 5");
        Lab.Configure("ip access-list filter\nno 5");
        Wait.Until(() => Edited.All(port => port.Host.IsForwarding(port.Endpoint)), "the last edit to arrive");

        onOneHost.AssertWhole();
        acrossHosts.AssertWhole();
        lab.Here.WaitForPing(lab.Away);
    }
}

namespace VSwitch.Integration.Tests.Traffic;

/// <summary>A host with two uplinks to the same network: without spanning tree there is no loop, because what comes in by an uplink
/// does not leave by one, and what a local vEth has sent is not taken back.</summary>
public sealed class TwoUplinksTests : LabTest
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

    public TwoUplinksTests() : base(Laboratory.WithHosts(1, Configuration))
    {
    }

    [Fact]
    public void MakeNoLoop()
    {
        LabHost single = Lab.Hosts[0];
        LabHost both = Lab.AddHost("both", uplinkCount: 2);
        Endpoint here = Lab.AddEndpoint(both, "here", "ten", "10.11.0.1/24");
        Endpoint beside = Lab.AddEndpoint(both, "beside", "ten", "10.11.0.2/24");
        Endpoint away = Lab.AddEndpoint(single, "away", "ten", "10.11.0.3/24");
        Wait.Until(() => both.Log.Contains("More than one uplink carries VLAN 10:", StringComparison.Ordinal), "the VEM to warn of two uplinks");
        Assert.True(here.CanPing(beside));
        Assert.True(here.CanPing(away));
        Assert.True(away.CanPing(here));
        here.SendTcp(away, megabytes: 4);

        // A broadcast leaves by both uplinks and comes back by both, once; that is the end of it.
        using var wire = new Wire(here);
        using var wireBeside = new Wire(beside);
        const int count = 100;
        both.Vemcmd("clear", "stats");
        for (uint number = 0; number < count; number++)
            wire.Send(Ether.Frame(Ether.Broadcast, here.Mac, number));
        wireBeside.ReceiveUntil(frame => frame.AsSpan(14, 4).SequenceEqual((byte[])[0, 0, 0, count - 1]));
        Wait.Until(() => both.ReadDrops()["deja-vu"] >= 2 * count, () => both.Vemcmd("show", "port-drops"));

        Assert.InRange(both.ReadDrops()["deja-vu"], 2 * count, 2 * count + 20);
        Assert.DoesNotContain(wireBeside.ReceiveAll(), frame => frame.AsSpan(12, 2).SequenceEqual((byte[])[0x88, 0xB5]));
    }

    /// <summary>The address of a packet port's endpoint is learnt: its own frames, coming back by an uplink, must not move it there.</summary>
    [Fact]
    public void DoNotDrawAwayLearntAddresses()
    {
        LabHost single = Lab.Hosts[0];
        LabHost both = Lab.AddHost("both", uplinkCount: 2);
        Endpoint here = Lab.AddPacketEndpoint(both, "here", "ten", "10.11.0.1/24");
        Endpoint beside = Lab.AddEndpoint(both, "beside", "ten", "10.11.0.2/24");
        Endpoint away = Lab.AddEndpoint(single, "away", "ten", "10.11.0.3/24");
        here.WaitForPing(beside);
        here.WaitForPing(away);
        Assert.Contains(" 0% packet loss", beside.Run("ping", "-c", "20", "-i", "0.05", here.Address), StringComparison.Ordinal);
        Assert.Contains(" 0% packet loss", away.Run("ping", "-c", "20", "-i", "0.05", here.Address), StringComparison.Ordinal);
        using var wire = new Wire(here);
        for (uint number = 0; number < 20; number++)
        {
            wire.Send(Ether.Frame(Ether.Broadcast, here.Mac, number));
            Assert.True(beside.CanPing(here));
        }
    }
}

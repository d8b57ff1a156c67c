namespace VSwitch.Integration.Tests.Lifetimes;

/// <summary>Netdevs go away under the VEM: it says so, goes on, and burns no processor time over it.</summary>
public sealed class VanishTests : LabTest
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

    private readonly Endpoint _tap;
    private readonly Endpoint _packet;
    private readonly Endpoint _away;

    public VanishTests() : base(Laboratory.WithHosts(2, Configuration))
    {
        _tap = Lab.AddEndpoint(Host, "tap", "ten", "10.7.0.1/24");
        _packet = Lab.AddPacketEndpoint(Host, "packet", "ten", "10.7.0.2/24");
        _away = Lab.AddEndpoint(Lab.Hosts[1], "away", "ten", "10.7.0.3/24");
        _tap.WaitForPing(_packet);
        _tap.WaitForPing(_away);
    }

    private LabHost Host => Lab.Hosts[0];

    [Fact]
    public void ATapThatGoesWithItsNamespace()
    {
        Endpoint doomed = Lab.AddEndpoint(Host, "doomed", "ten", "10.7.0.9/24");
        _tap.WaitForPing(doomed);
        Shell.Run("ip", "netns", "del", doomed.Netns);

        WaitForDown(doomed);
        AssertCalm();
        Assert.True(_tap.CanPing(_packet));
        Assert.True(_tap.CannotPing(doomed));

        // Its owner may come back under the same name, or the port be detached.
        Shell.Run("ip", "netns", "add", doomed.Netns);
        Host.Detach(doomed);
        Assert.DoesNotContain(doomed.Device, Host.Vemcmd("show", "port"), StringComparison.Ordinal);
        Host.Attach(doomed, "ten");
        doomed.SetUp();
        doomed.WaitForPing(_tap);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ATapThatIsDeletedAndAttachedAgain(bool isNoticed)
    {
        string veth = _tap.Interface;
        Shell.Run("ip", "-n", _tap.Netns, "link", "del", _tap.Device);
        if (isNoticed)
            WaitForDown(_tap);

        Host.Attach(_tap, "ten");
        _tap.SetUp();
        Assert.Equal(veth, _tap.Interface);
        _tap.WaitForPing(_packet);
        Wait.Until(() => Lab.Vsw($"show interface {veth}").Contains("is up", StringComparison.Ordinal), () => Lab.Vsw($"show interface {veth}"));
    }

    /// <summary>It comes back under its old index; the kernel has taken the VEM's socket off it all the same.</summary>
    [Fact]
    public void APacketNetdevThatIsElsewhereForAWhile()
    {
        string device = _packet.HostDevice!;
        Shell.Run("ip", "-n", Host.Netns, "link", "set", device, "netns", _tap.Netns);
        WaitForDown(_packet);
        Shell.Run("ip", "-n", _tap.Netns, "link", "set", device, "netns", Host.Netns);
        Shell.Run("ip", "-n", Host.Netns, "link", "set", device, "up");
        _packet.WaitForPing(_tap);
    }

    [Fact]
    public void APacketNetdevThatIsDeletedAndMadeAgain()
    {
        Shell.Run("ip", "-n", Host.Netns, "link", "del", _packet.HostDevice!);
        WaitForDown(_packet);
        AssertCalm();
        Assert.True(_tap.CanPing(_away));

        _packet.MakeVeth(Host);
        _packet.SetUp();
        Host.WaitForForwarding(_packet);
        _packet.WaitForPing(_tap);
        _packet.WaitForPing(_away);
        Assert.Contains(_packet.Interface, Lab.Vsw("show interface virtual").Replace("Veth", "Vethernet", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void APacketNetdevThatIsSetDownAndUp()
    {
        Shell.Run("ip", "-n", Host.Netns, "link", "set", _packet.HostDevice!, "down");
        WaitForDown(_packet);
        AssertCalm();
        Assert.True(_tap.CannotPing(_packet));

        Shell.Run("ip", "-n", Host.Netns, "link", "set", _packet.HostDevice!, "up");
        Host.WaitForForwarding(_packet);
        _packet.WaitForPing(_tap);
    }

    [Fact]
    public void ATapThatItsOwnerSetsDownAndUp()
    {
        _tap.Run("ip", "link", "set", _tap.Device, "down");
        WaitForDown(_tap);
        AssertCalm();

        _tap.Run("ip", "link", "set", _tap.Device, "up");
        Host.WaitForForwarding(_tap);
        _tap.WaitForPing(_away);
    }

    [Fact]
    public void AnUplinkThatIsDeletedAndMadeAgain()
    {
        Shell.Run("ip", "-n", Host.Netns, "link", "del", "eth1");
        Wait.Until(() => !Host.Vemcmd("show", "port", "|", "include", "Eth3/1").Contains("FWD", StringComparison.Ordinal), () => Host.Vemcmd("show", "port"));
        AssertCalm();
        Assert.True(_tap.CanPing(_packet));
        Assert.True(_tap.CannotPing(_away));

        Shell.Run("ip", "link", "add", "eth1", "netns", Host.Netns, "type", "veth", "peer", "name", "h0u1", "netns", Lab.Fabric);
        Shell.Run("ip", "-n", Lab.Fabric, "link", "set", "h0u1", "up", "master", "br0");
        _tap.WaitForPing(_away);
    }

    /// <summary>A netdev that is not there when the VEM starts is taken up when it comes.</summary>
    [Fact]
    public void APacketNetdevThatComesAfterTheVem()
    {
        Shell.Run("ip", "-n", Host.Netns, "link", "del", _packet.HostDevice!);
        Host.Kill();
        Host.Start();
        Host.WaitForVsm();
        WaitForDown(_packet);
        _tap.WaitForPing(_away);

        _packet.MakeVeth(Host);
        _packet.SetUp();
        _packet.WaitForPing(_tap);
    }

    /// <summary>Until the port is shown as down with a reason that names its netdev, by the VEM and by the VSM.</summary>
    private void WaitForDown(Endpoint endpoint)
    {
        string device = endpoint.HostDevice ?? endpoint.Device;
        Wait.Until(() => Host.ShowPort(endpoint) is var line && line.Contains(" DOWN ", StringComparison.Ordinal) && line.Contains(" BLK ", StringComparison.Ordinal)
            && line.Split(device).Length > 2, () => Host.Vemcmd("show", "port"));
        Wait.Until(() => Lab.Vsw($"show interface {endpoint.Interface}").Contains("is down", StringComparison.Ordinal), () => Lab.Vsw($"show interface {endpoint.Interface}"));
    }

    /// <summary>The VEM runs and does next to nothing.</summary>
    private void AssertCalm()
    {
        Assert.True(Host.Vem.IsRunning);
        Host.Vem.AssertCalm(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(0.3));
    }
}

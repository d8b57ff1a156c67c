namespace VSwitch.Integration.Tests.Lifetimes;

/// <summary>A vEth's number belongs to the VM's network card, a module's to the VEM's identity, for good.</summary>
public sealed class VethNumberTests : LabTest
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

    public VethNumberTests() : base(Laboratory.WithHosts(2, Configuration))
    {
    }

    private LabHost Here => Lab.Hosts[0];

    private LabHost There => Lab.Hosts[1];

    [Fact]
    public void ANumberFollowsItsNetworkCard()
    {
        Endpoint first = Lab.AddEndpoint(Here, "first", "ten", "10.6.0.1/24");
        Endpoint second = Lab.AddEndpoint(Here, "second", "ten", "10.6.0.2/24");
        (string one, string two) = (first.Interface, second.Interface);
        Assert.NotEqual(one, two);

        // Away and back, in another order.
        Here.Detach(first);
        Here.Detach(second);
        Here.Attach(second, "ten");
        Here.Attach(first, "ten");
        Assert.Equal((one, two), (first.Interface, second.Interface));

        // To the other host, and traffic follows.
        Here.Detach(first);
        Lab.WaitForDetached(one);
        There.Attach(first, "ten");
        first.SetUp();
        second.SetUp();
        Assert.Equal(one, first.Interface);
        first.WaitForPing(second);
        Assert.Contains("module 4", Lab.Vsw($"show interface {one}"), StringComparison.Ordinal);

        // A supervisor that was restarted knows it as well.
        There.Detach(first);
        Lab.Vsm.Kill();
        Lab.StartVsm();
        Here.WaitForVsm();
        There.WaitForVsm();
        Here.Attach(first, "ten");
        Assert.Equal(one, first.Interface);
    }

    [Fact]
    public void EveryAdapterHasItsOwnNumber()
    {
        Endpoint vm = Lab.NewEndpoint("two-cards", "10.6.0.1/24");
        Here.Attach(vm, "ten");
        string second = Here.Vemcmd("attach", "tap", "second", "--netns", vm.Netns, "--profile", "ten", "--vm", vm.Vm, "--adapter", "2").Trim();
        Assert.NotEqual(vm.Interface, second);

        Here.Detach(vm);
        Here.Vemcmd("detach", "second");
        Assert.Equal(second, Here.Vemcmd("attach", "tap", "second", "--netns", vm.Netns, "--profile", "ten", "--vm", vm.Vm, "--adapter", "2").Trim());
    }

    [Fact]
    public void AttachingTwiceIsRefused()
    {
        Endpoint vm = Lab.AddEndpoint(Here, "vm", "ten", "10.6.0.1/24");
        Endpoint peer = Lab.AddEndpoint(There, "peer", "ten", "10.6.0.2/24");

        // The same netdev, the same card by another netdev, and the same card on another host.
        AssertRefused(Here.TryVemcmd("attach", "tap", vm.Device, "--netns", vm.Netns, "--profile", "ten", "--vm", "other"), $"{vm.Device}@{vm.Netns} is attached already, as {vm.Interface} of VM 'vm'");
        AssertRefused(Here.TryVemcmd("attach", "tap", "another", "--netns", vm.Netns, "--profile", "ten", "--vm", "vm"), $"VM 'vm' adapter 1 is attached already, by {vm.Device}");
        AssertRefused(There.TryVemcmd("attach", "tap", "another", "--netns", peer.Netns, "--profile", "ten", "--vm", "vm"), $"is attached already, as {vm.Interface} on module 3 (host1) by tap {vm.Device}");

        // Nothing changed, nothing was left behind.
        Assert.True(vm.CanPing(peer));
        Assert.DoesNotContain("another", peer.Run("ip", "link"), StringComparison.Ordinal);
        Assert.DoesNotContain("another", There.Vemcmd("show", "port"), StringComparison.Ordinal);
        Assert.Equal(2, Lab.Vsw("show running-config | include 'interface Vethernet'").Split("interface Vethernet").Length - 1);
    }

    [Fact]
    public void ModulesAreRememberedByIdentity()
    {
        string before = Lab.Vsw("show module vem mapping");
        Lab.Vsm.Kill();
        Here.Kill();
        There.Kill();
        Lab.StartVsm();
        foreach (LabHost host in Lab.Hosts.Reverse())
        {
            host.Start();
            host.WaitForVsm();
        }
        Assert.Equal(before, Lab.Vsw("show module vem mapping"));
        Assert.Contains("Card slot: 3", Here.Vemcmd("show", "card"), StringComparison.Ordinal);
        Assert.Contains("Card slot: 4", There.Vemcmd("show", "card"), StringComparison.Ordinal);

        // A third VEM gets a number of its own.
        LabHost third = Lab.AddHost("host3");
        Assert.Contains("Card slot: 5", third.Vemcmd("show", "card"), StringComparison.Ordinal);
    }

    private static void AssertRefused(ShellResult result, string reason)
    {
        Assert.Equal(VswExit.Refused, result.ExitCode);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using VSwitch.Forwarding;
using VSwitch.Ports;
using VSwitch.Protocol;

namespace VSwitch.Vem.Tests;

/// <summary>The control loop's state over real TAPs in a namespace of its own.</summary>
public sealed class ControlTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vswitch-vem-").FullName;
    private readonly string _netns = $"vtc{Guid.NewGuid():N}"[..12];

    public ControlTests()
    {
        // The kernel speaks IPv6 as soon as a link is up, and a port would learn the address of its own card from that.
        Ip("netns", "add", _netns);
        Ip("netns", "exec", _netns, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1");
    }

    public void Dispose()
    {
        Ip("netns", "del", _netns);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void An_attachment_forwards_nothing_until_it_is_numbered()
    {
        using Host host = NewHost();
        VemPort port = host.Control.Attach(Card("tap0", "vm1"));
        Assert.Null(port.Interface);
        Assert.False(host.Forwards(port));

        host.Control.Apply(State(1, port, vlan: 10));
        Assert.Equal("Vethernet1", port.Interface);
        Assert.True(host.Forwards(port));
        Assert.Equal(port.SwitchPort!.Index, host.Switch.MacTable.Lookup(10, port.Mac!.Value.Value));
    }

    [Fact]
    public void A_static_address_follows_its_port_to_another_VLAN()
    {
        using Host host = NewHost();
        VemPort port = host.Control.Attach(Card("tap0", "vm1"));
        host.Control.Apply(State(1, port, vlan: 10));
        host.Control.Apply(State(2, port, vlan: 20));

        Assert.Equal(-1, host.Switch.MacTable.Lookup(10, port.Mac!.Value.Value));
        Assert.Equal(port.SwitchPort!.Index, host.Switch.MacTable.Lookup(20, port.Mac!.Value.Value));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_port_that_is_not_up_has_no_addresses(bool losesLink)
    {
        const ulong learnt = 0x02_00_00_00_00_99;
        using Host host = NewHost();
        VemPort port = host.Control.Attach(Card("tap0", "vm1"));
        host.Control.Apply(State(1, port, vlan: 10));
        int index = port.SwitchPort!.Index;
        ulong own = port.Mac!.Value.Value;
        host.Switch.MacTable.Learn(10, learnt, index, Switch.NowSeconds);
        Assert.Equal([index, index], Where());

        Turn(up: false);
        Assert.Equal([-1, -1], Where());
        Turn(up: true);
        Assert.Equal([index, -1], Where());

        int[] Where() => [host.Switch.MacTable.Lookup(10, own), host.Switch.MacTable.Lookup(10, learnt)];

        void Turn(bool up)
        {
            if (losesLink)
            {
                Ip("-n", _netns, "link", "set", "tap0", up ? "up" : "down");
                host.Control.RefreshLinks();
                return;
            }
            VemState state = State(2, port, vlan: 10);
            state.Policies[0].AdminUp = up;
            host.Control.Apply(state);
        }
    }

    [Fact]
    public void A_configuration_that_cannot_be_compiled_leaves_the_old_one_in_force()
    {
        using Host host = NewHost();
        VemPort port = host.Control.Attach(Card("tap0", "vm1"));
        VemState good = State(1, port, vlan: 10);
        host.Control.Apply(good);
        VemState bad = State(2, port, vlan: 10);
        bad.Policies[0].Trunk = true;
        bad.Policies[0].AllowedVlans = "10-";

        Assert.Throws<InvalidDataException>(() => host.Control.Apply(bad));
        Assert.Equal(good, host.Control.Configuration);
        Assert.True(host.Forwards(port));
    }

    [Fact]
    public void A_policy_that_is_not_there_leaves_the_old_configuration_in_force()
    {
        using Host host = NewHost();
        VemPort port = host.Control.Attach(Card("tap0", "vm1"));
        host.Control.Apply(State(1, port, vlan: 10));
        VemState bad = State(2, port, vlan: 10);
        bad.Policies.Clear();

        string problem = Assert.Throws<InvalidDataException>(() => host.Control.Apply(bad)).Message;
        Assert.Equal("Vethernet1 has the policy 'vethernet p', which the configuration does not have.", problem);
        Assert.True(host.Forwards(port));
    }

    [Fact]
    public void A_saved_configuration_of_another_version_is_not_in_force_and_the_VEM_starts()
    {
        using (Host host = NewHost())
        {
            VemPort port = host.Control.Attach(Card("tap0", "vm1"));
            host.Control.Apply(State(4, port, vlan: 10));
        }
        VemState old = Store().LoadConfiguration(Assert.Fail)!;
        old.Policies.Clear();
        Store().SaveConfiguration(old);

        using Host again = NewHost();
        again.Control.Restore([]);
        VemPort restored = Assert.Single(again.Control.Ports);
        Assert.False(again.Forwards(restored));
        Assert.Equal(0UL, again.Control.Configuration.Epoch);
        again.Control.Apply(State(5, restored, vlan: 10));
        Assert.True(again.Forwards(restored));

        VemStateStore Store() => new(_folder, NullLogger<VemStateStore>.Instance);
    }

    [Fact]
    public void A_restart_without_the_VSM_brings_the_same_policy_back()
    {
        string interfaceName, mac;
        using (Host host = NewHost())
        {
            VemPort port = host.Control.Attach(Card("tap0", "vm1"));
            host.Control.Apply(State(4, port, vlan: 10));
            (interfaceName, mac) = (port.Interface!, port.Attachment.Mac);
        }

        using Host again = NewHost();
        again.Control.Restore([]);
        VemPort restored = Assert.Single(again.Control.Ports);
        Assert.Equal((interfaceName, mac), (restored.Interface, restored.Attachment.Mac));
        Assert.True(again.Forwards(restored));
        Assert.Equal(4UL, again.Control.Configuration.Epoch);
    }

    [Theory]
    [InlineData(PortOpener.Stream, 9000, 9000)]
    [InlineData(PortOpener.VhostUser, 9000, 9000)]
    [InlineData(PortOpener.Stream, 0, 1500)]
    [InlineData(PortOpener.VhostUser, 0, 1500)]
    public void The_MTU_of_a_sockets_port_lasts_as_long_as_its_attachment(string kind, uint said, int mtuBytes)
    {
        Attachment card = Card(Path.Combine(_folder, "vm.sock"), "vm1");
        (card.Kind, card.Netns, card.MtuBytes) = (kind, "", said);
        using (Host host = NewHost())
            Assert.Equal(mtuBytes, host.Control.Attach(card).SwitchPort!.Port.MtuBytes);

        using Host again = NewHost();
        again.Control.Restore([]);
        Assert.Equal(mtuBytes, Assert.Single(again.Control.Ports).SwitchPort!.Port.MtuBytes);
    }

    [Fact]
    public void The_same_network_card_is_not_attached_twice()
    {
        using Host host = NewHost();
        host.Control.Attach(Card("tap0", "vm1"));

        Assert.Contains("is attached already", Assert.Throws<PortException>(() => host.Control.Attach(Card("tap0", "vm2"))).Message);
        Assert.Contains("is attached already", Assert.Throws<PortException>(() => host.Control.Attach(Card("tap1", "vm1"))).Message);
        Ip("-n", _netns, "link", "set", "tap0", "down");
        Assert.Contains("is attached already", Assert.Throws<PortException>(() => host.Control.Attach(Card("tap1", "vm1"))).Message);
        Assert.Single(host.Control.Ports);
    }

    [Fact]
    public void Detaching_deletes_a_netdev_that_the_VEM_made_and_no_other()
    {
        Ip("netns", "exec", _netns, "ip", "tuntap", "add", "dev", "mine", "mode", "tap", "multi_queue");
        using Host host = NewHost();
        host.Control.Detach(host.Control.Attach(Card("made", "vm1")));
        host.Control.Detach(host.Control.Attach(Card("mine", "vm2")));

        string links = Ip("netns", "exec", _netns, "ip", "-o", "link");
        Assert.DoesNotContain(" made:", links);
        Assert.Contains(" mine:", links);
    }

    [Fact]
    public void A_netdev_that_is_deleted_closes_its_port_and_keeps_the_attachment()
    {
        using Host host = NewHost();
        VemPort port = host.Control.Attach(Card("tap0", "vm1"));
        host.Control.Apply(State(1, port, vlan: 10));
        Ip("netns", "exec", _netns, "ip", "link", "del", "tap0");

        long deadline = Environment.TickCount64 + 10_000;
        while (port.SwitchPort is not null)
        {
            host.Control.CloseLostPorts();
            Assert.True(Environment.TickCount64 < deadline, "the VEM did not notice that the netdev is gone");
            Thread.Sleep(20);
        }
        Assert.Null(port.SwitchPort);
        Assert.Equal("the netdev tap0 was deleted", port.Attachment.LinkReason);
        Assert.Same(port, Assert.Single(host.Control.Ports));

        VemPort again = host.Control.Attach(Card("tap0", "vm1"));
        Assert.NotNull(again.SwitchPort);
        Assert.Single(host.Control.Ports);
    }

    /// <summary>Whether the VSM has to give an uplink what the command line says, or may leave it what an operator gave it since.</summary>
    [Fact]
    public void An_uplink_is_asked_for_anew_when_its_profile_is_another()
    {
        Assert.Equal(("wide", true), Restart("wide"));
        Assert.Equal(("wide", false), Restart("wide"));
        Assert.Equal(("narrow", true), Restart("narrow"));

        (string Profile, bool Anew) Restart(string profile)
        {
            using Host host = NewHost();
            host.Control.Restore([new UplinkOption("vsw-none0", profile)]);
            VemPort port = Assert.Single(host.Control.Ports);
            (string, bool) seen = (port.Attachment.Profile, port.Attachment.Anew);
            port.Attachment.Anew = false;
            host.Control.Apply(State(1, port, vlan: 10));
            return seen;
        }
    }

    private Attachment Card(string device, string vm) => new()
    {
        Id = Guid.NewGuid().ToString(), Kind = PortOpener.Tap, Device = device, Netns = _netns, Profile = "p", Vm = vm, Adapter = 1,
    };

    private static VemState State(ulong epoch, VemPort port, uint vlan)
    {
        var state = new VemState { Epoch = epoch, Settings = new Settings { MacAgeingSeconds = 300, ActiveVlans = "1,10,20" } };
        state.Ports.Add(new PortState
        {
            Interface = "Vethernet1", Attachment = port.Attachment.Id, Vm = port.Attachment.Vm, Adapter = 1, Profile = "p", Policy = "vethernet p",
        });
        state.Policies.Add(new PolicyState { Name = "vethernet p", AdminUp = true, AccessVlan = vlan, NativeVlan = 1, AllowedVlans = "1-4094" });
        return state;
    }

    private Host NewHost() => new(_folder);

    private static string Ip(params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("ip", arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    private sealed class Host : IDisposable
    {
        public Host(string folder)
        {
            var options = new VemOptions { State = folder };
            Control = new VemControl(Switch, new VemStateStore(folder, NullLogger<VemStateStore>.Instance), options, new CardInfo(options, new VemIdentity("id", "instance")), NullLogger<VemControl>.Instance);
        }

        public Switch Switch { get; } = new([-1]);

        public VemControl Control { get; }

        public bool Forwards(VemPort port) => Switch.Snapshot.Port(port.SwitchPort!.Index) is { Policy.IsForwarding: true };

        public void Dispose() => Switch.Dispose();
    }
}

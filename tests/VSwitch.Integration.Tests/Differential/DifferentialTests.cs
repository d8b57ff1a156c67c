namespace VSwitch.Integration.Tests.Differential;

/// <summary>
/// Ten thousand random frames through our switch and through Linux bridges: the same frames arrive at the same ports, and
/// what is to be different (<see cref="Difference"/>) is counted under its name, exactly as often.
/// </summary>
public sealed class DifferentialTests : LabTest
{
    private const int FrameCount = 10_000;
    private const int WideMtuBytes = 1600;
    private const int NarrowMtuBytes = 1500;

    public DifferentialTests() : base(Laboratory.WithHosts(1, ""))
    {
    }

    private LabHost Host => Lab.Hosts[0];

    [Fact]
    public void AccessPorts() => AssertSame(seed: 1, [.. Enumerable.Range(0, 4).Select(index =>
        new TestPort(index, IsTrunk: false, Native: 10, [10], index == 3 ? NarrowMtuBytes : WideMtuBytes))]);

    [Fact]
    public void Trunks() => AssertSame(seed: 2,
    [
        new TestPort(0, IsTrunk: true, Native: 10, [10, 20, 30], WideMtuBytes),
        new TestPort(1, IsTrunk: true, Native: 20, [10, 20], WideMtuBytes),
        new TestPort(2, IsTrunk: true, Native: 30, [10, 30], WideMtuBytes),
        new TestPort(3, IsTrunk: true, Native: 10, [10, 20, 30], NarrowMtuBytes),
    ]);

    private void AssertSame(int seed, TestPort[] ports)
    {
        string netns = Lab.AddNamespace("ports");
        // The endpoints' own stacks keep quiet: no address, no IPv6.
        Shell.Run("ip", "netns", "exec", netns, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1");
        foreach (TestPort port in ports)
            Attach(netns, port);
        BridgeReference.Build(Lab, netns, ports);
        using var comparison = new Comparison(netns, ports, seed);
        Host.Vemcmd("clear", "stats");

        comparison.Run(FrameCount);

        // Most frames get somewhere; each way not to get anywhere was taken; and our switch has counted them all.
        Assert.InRange(comparison.DeliveredCount, FrameCount / 2, FrameCount);
        string[] reasons = [Difference.SourceInvalid, ports[0].IsTrunk ? Difference.VlanNotAllowed : Difference.TaggedOnAccess,
            Difference.SourceStaticElsewhere, Difference.ReservedAddress, Difference.Hairpin, Difference.MtuExceeded];
        Assert.Equal(reasons.Order(), comparison.ExpectedDrops.Keys.Order());
        Drops drops = Host.ReadDrops();
        Assert.Equal(
            comparison.ExpectedDrops.OrderBy(drop => drop.Key),
            drops.Reasons.Order().Select(reason => KeyValuePair.Create(reason, drops[reason])));
    }

    private void Attach(string netns, TestPort port)
    {
        string mode = port.IsTrunk
            ? $"switchport mode trunk\nswitchport trunk native vlan {port.Native}\nswitchport trunk allowed vlan {string.Join(',', port.Allowed)}"
            : $"switchport mode access\nswitchport access vlan {port.Native}";
        Lab.Configure($"port-profile type vethernet port{port.Index}\n{mode}\nno shutdown\nstate enabled");
        // The netdev is there with its MTU before it is attached, so that the VEM knows the MTU from the start.
        Shell.Run("ip", "-n", netns, "tuntap", "add", port.Device, "mode", "tap", "multi_queue");
        Shell.Run("ip", "-n", netns, "link", "set", port.Device, "mtu", $"{port.MtuBytes}");
        Host.Vemcmd("attach", "tap", port.Device, "--netns", netns, "--profile", $"port{port.Index}", "--vm", $"vm{port.Index}",
            "--mac", BitConverter.ToString(port.Mac).Replace('-', ':'));
    }
}

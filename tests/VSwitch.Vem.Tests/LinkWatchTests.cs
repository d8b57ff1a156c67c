using System.Diagnostics;
using VSwitch.Ports;
using VSwitch.Protocol;

namespace VSwitch.Vem.Tests;

/// <summary>What owners do to their TAPs, in namespaces that are not the VEM's.</summary>
public sealed class LinkWatchTests : IDisposable
{
    private const int PatienceMilliseconds = 20_000;

    private readonly string _here = $"vlh{Guid.NewGuid():N}"[..12];
    private readonly string _there = $"vlt{Guid.NewGuid():N}"[..12];

    public LinkWatchTests()
    {
        Ip("netns", "add", _here);
        Ip("netns", "add", _there);
    }

    public void Dispose()
    {
        foreach (string name in new[] { _here, _there }.Where(name => File.Exists("/run/netns/" + name)))
            Ip("netns", "del", name);
    }

    [Fact]
    public void A_TAP_is_heard_of_wherever_its_owner_moves_it()
    {
        using var watch = new LinkWatch();
        IPort port = TapPort.Open(new TapOptions { Name = "tap0", Namespace = _here });
        Assert.True(watch.Follow([port]));
        Assert.False(watch.Follow([port]));
        Ip("-n", _here, "link", "set", "tap0", "mtu", "1400");
        Hear("tap0");
        port.RefreshLink();
        Assert.Equal(1400, port.MtuBytes);

        Ip("-n", _here, "link", "set", "tap0", "netns", _there);
        Hear("tap0");
        port.RefreshLink();
        Assert.True(watch.Follow([port]));
        Ip("-n", _there, "link", "set", "tap0", "mtu", "1300");
        Hear("tap0");
        port.RefreshLink();
        Assert.Equal(1300, port.MtuBytes);

        // Where it was, nobody listens any more.
        Read();
        Ip("-n", _here, "link", "add", "one", "type", "veth", "peer", "name", "two");
        Assert.Empty(Read().Intersect(["one", "two"]));
        port.Close();

        IReadOnlyCollection<string> Read()
        {
            IReadOnlyCollection<string>? names = watch.Read();
            Assert.NotNull(names);
            return names;
        }

        void Hear(string name)
        {
            var waited = Stopwatch.StartNew();
            while (!Read().Contains(name))
            {
                Assert.True(waited.ElapsedMilliseconds < PatienceMilliseconds, $"nothing was heard of {name}");
                watch.Wait(PatienceMilliseconds);
            }
        }
    }

    /// <summary>A namespace that was deleted ends when the last socket in it is closed, and its end of a cable with it.</summary>
    [Fact]
    public void A_namespace_without_ports_may_end()
    {
        string outside = $"vlo{Guid.NewGuid():N}"[..12];
        using var watch = new LinkWatch();
        IPort port = TapPort.Open(new TapOptions { Name = "tap0", Namespace = _here });
        watch.Follow([port]);
        Ip("link", "add", outside, "type", "veth", "peer", "name", "inside", "netns", _here);
        port.Close();
        watch.Follow([]);
        Ip("netns", "del", _here);

        var waited = Stopwatch.StartNew();
        while (Directory.Exists("/sys/class/net/" + outside))
        {
            Assert.True(waited.ElapsedMilliseconds < PatienceMilliseconds, "the namespace does not end");
            Thread.Sleep(20);
        }
    }

    /// <summary>Looking now and then would see a change each five seconds.</summary>
    [Fact]
    public async Task The_VEM_sees_changes_at_once()
    {
        await using var vem = new TestVem();
        await vem.StartAsync();
        await vem.Vemcmd.AttachAsync(
            new AttachRequest { Kind = PortOpener.Tap, Device = "tap0", Netns = _here, Profile = "web", Vm = "vm1" },
            cancellationToken: TestContext.Current.CancellationToken);
        await SeesMtu(1400);

        var waited = Stopwatch.StartNew();
        for (int bytes = 1300; bytes < 1310; bytes++)
            await SeesMtu(bytes);
        Assert.True(waited.ElapsedMilliseconds < PatienceMilliseconds, $"ten changes took {waited.Elapsed}");

        Task SeesMtu(int bytes)
        {
            Ip("-n", _here, "link", "set", "tap0", "mtu", $"{bytes}");
            return vem.Sees($"an MTU of {bytes}", control => control.Ports[0].SwitchPort!.Port.MtuBytes == bytes);
        }
    }

    private static void Ip(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("ip", arguments) { UseShellExecute = false })!;
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, "ip " + string.Join(' ', arguments));
    }
}

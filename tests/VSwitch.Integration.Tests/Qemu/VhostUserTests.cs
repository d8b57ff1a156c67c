using System.Text.RegularExpressions;

namespace VSwitch.Integration.Tests.Qemu;

/// <summary>VMs that share their memory with the VEM (vhost-user), the VEM listening and the VM's side listening.</summary>
public sealed class VhostUserTests : QemuTest
{
    private static readonly string[] SharedMemory =
        ["-object", "memory-backend-memfd,id=memory,size=256M,share=on", "-machine", "memory-backend=memory"];

    private readonly Endpoint _away;

    public VhostUserTests(GuestImage image) : base(image, hostCount: 2) => _away = Lab.AddEndpoint(Lab.Hosts[1], "away", "servers", "10.1.1.2/24");

    [Fact]
    public void SharedMemoryServesAVmThroughEveryRestart()
    {
        using var dhcp = new DhcpServer(Endpoint);
        string port = Attach("vhost-user", SocketPath, "--queues", "2");
        AssertLink(port, $"DOWN    BLK .* nobody is connected to {SocketPath}$");
        string interfaces;
        IReadOnlyList<string> descriptors;
        using (Guest guest = BootVm(queueCount: 2, "reconnect=1"))
        {
            Assert.Equal("2", guest.Run("ls -d /sys/class/net/eth0/queues/tx-* | wc -l"));
            string address = ExchangeTraffic(guest, dhcp);
            ExchangeTraffic(guest, address, _away);
            Assert.Equal((0UL, 0UL), SoftwareWork(port));
            Assert.Equal((0UL, 0UL), SoftwareWork(Endpoint.ShortInterface));
            AssertPolicy(guest, port);
            interfaces = Lab.Vsw("show interface virtual");
            Assert.Matches($"{port} .* guest .*", interfaces);
            Wait.Until(() => Status(port) == "up", () => Lab.Vsw("show interface brief"));

            // The VEM comes back without a supervisor, and QEMU comes back to it.
            Lab.Vsm.Kill();
            Host.Kill();
            Host.Start();
            WaitForPing(guest);
            AssertLink(port, "UP    FWD");
            guest.SendTcp(Endpoint, Megabytes);
            AssertPolicy(guest, port);
            descriptors = Host.ReadDescriptors();
        }

        // The plug was pulled. Nobody attaches the VM again.
        Wait.Until(() => Host.ReadDescriptors().Count < descriptors.Count, "the VEM to let go of the VM's memory");
        AssertLink(port, $"DOWN    BLK .* nobody is connected to {SocketPath}$");
        using Guest again = BootVm(queueCount: 2, "reconnect=1");
        ExchangeTraffic(again, dhcp);
        AssertPolicy(again, port);
        Wait.Until(() => Host.ReadDescriptors().Count <= descriptors.Count,
            () => $"what was open\n{string.Join('\n', descriptors)}\nnot\n{string.Join('\n', Host.ReadDescriptors())}");

        Lab.StartVsm();
        Host.WaitForVsm();
        Lab.Hosts[1].WaitForVsm();
        Wait.Until(() => Status(port) == "up", () => Lab.Vsw("show interface brief"));
        Assert.Equal(interfaces, Lab.Vsw("show interface virtual"));
        Assert.True(again.CanPing(_away.Address));
    }

    [Fact]
    public void ClientFindsItsVmAfterAVemRestart()
    {
        using var dhcp = new DhcpServer(Endpoint);
        string port = Attach("vhost-user", SocketPath, "--client");
        AssertLink(port, $"DOWN    BLK .* nobody listens at {SocketPath}$");
        using (Guest guest = BootVm(queueCount: 1, "server=on"))
        {
            ExchangeTraffic(guest, dhcp);
            string interfaces = Lab.Vsw("show interface virtual");

            Host.Kill();
            Host.Start();

            WaitForPing(guest);
            guest.SendTcp(Endpoint, Megabytes);
            AssertPolicy(guest, port);
            Host.WaitForVsm();
            Assert.Equal(interfaces, Lab.Vsw("show interface virtual"));
        }

        // The VM leaves its socket behind, and nobody listens there.
        Assert.True(File.Exists(SocketPath));
        AssertLink(port, $"DOWN    BLK .* nobody listens at {SocketPath}$");
        Wait.Until(() => Status(port) == "down", () => Lab.Vsw("show interface brief"));
    }

    /// <summary>
    /// It has no MSI-X vectors, because QEMU 7.2 without KVM crashes when a vhost-user device has, whatever the back end.
    /// </summary>
    private Guest BootVm(int queueCount, string socketOption) => Boot(AsNobody, [.. SharedMemory,
        "-chardev", $"socket,id=socket,path={SocketPath},{socketOption}", "-netdev", $"vhost-user,id=n,chardev=socket,queues={queueCount}",
        VirtioCard[0], $"{VirtioCard[1]},vectors=0,mq={(queueCount > 1 ? "on" : "off")}"]);

    /// <summary>Telnet is denied where the VM comes in, and counted there.</summary>
    private void AssertPolicy(Guest guest, string port)
    {
        long before = Host.ReadDrops()[port, "acl-in"];
        Assert.True(guest.CannotConnect(Endpoint, 23));
        Assert.True(guest.CanConnect(Endpoint, 24));
        Assert.True(Host.ReadDrops()[port, "acl-in"] > before);
    }

    private void AssertLink(string port, string pattern) =>
        Wait.Until(() => Regex.IsMatch(Host.Vemcmd("show", "port", "|", "include", port).TrimEnd(), pattern),
            () => $"'{pattern}' of {port}:\n{Host.Vemcmd("show", "port")}");

    /// <summary>As the VSM sees it.</summary>
    private string Status(string port) =>
        Lab.Vsw("show interface brief").Split('\n').Single(line => line.StartsWith($"{port} ", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];
}

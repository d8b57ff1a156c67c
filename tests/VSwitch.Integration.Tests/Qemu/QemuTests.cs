namespace VSwitch.Integration.Tests.Qemu;

/// <summary>VMs whose frames go through the kernel or a stream socket.</summary>
public sealed class QemuTests(GuestImage image) : QemuTest(image, hostCount: 1)
{
    private static readonly string[] IntelCard = ["-device", $"e1000,netdev=n,mac={Mac},romfile="];

    [Fact]
    public void StreamSocketServesAVmWithoutPrivileges()
    {
        using var dhcp = new DhcpServer(Endpoint);
        string[] network = ["-netdev", $"stream,id=n,server=off,addr.type=unix,addr.path={SocketPath}"];
        string port = Attach("stream", SocketPath);
        using (Guest guest = Boot(AsNobody, [.. network, .. VirtioCard]))
        {
            ExchangeTraffic(guest, dhcp);
            (ulong checksums, ulong segmentations) = SoftwareWork(port);
            Assert.NotEqual(0UL, checksums);
            Assert.NotEqual(0UL, segmentations);
        }

        // The plug was pulled. The VM comes back with another card, and nobody attaches it again.
        using Guest again = Boot(AsNobody, [.. network, .. IntelCard]);
        ExchangeTraffic(again, dhcp);
    }

    [Fact]
    public void StreamClientFindsItsVmAfterAVemRestart()
    {
        using var dhcp = new DhcpServer(Endpoint);
        Attach("stream", SocketPath, "--client");
        string[] network = ["-netdev", $"stream,id=n,server=on,addr.type=unix,addr.path={SocketPath}"];
        using Guest guest = Boot(AsNobody, [.. network, .. VirtioCard]);
        ExchangeTraffic(guest, dhcp);

        Host.Kill();
        Host.Start();

        WaitForPing(guest);
        guest.SendTcp(Endpoint, Megabytes);
    }

    /// <summary>Both ends have jumbo frames, and nothing would tell their TCP of a smaller MTU between them.</summary>
    [Fact]
    public void JumboFramesReachAVmOnAStreamPort()
    {
        const string mtu = "9000";
        using var dhcp = new DhcpServer(Endpoint);
        Attach("stream", SocketPath, "--mtu", mtu);
        string[] network = ["-netdev", $"stream,id=n,server=off,addr.type=unix,addr.path={SocketPath}"];
        using Guest guest = Boot(AsNobody, [.. network, VirtioCard[0], $"{VirtioCard[1]},host_mtu={mtu}"]);
        Shell.Run("ip", "-n", Endpoint.Netns, "link", "set", Endpoint.Device, "mtu", mtu);

        string address = ExchangeTraffic(guest, dhcp);

        Assert.Equal(mtu, guest.Run("cat /sys/class/net/eth0/mtu").Trim());
        const string payloadBytes = "8972";
        Shell.Run("ip", "netns", "exec", Endpoint.Netns, "ping", "-c", "1", "-W", "10", "-M", "do", "-s", payloadBytes, address);
    }

    [Fact]
    public void OffloadsTravelBetweenAQemuTapAndAnEndpoint()
    {
        using var dhcp = new DhcpServer(Endpoint);
        string[] inside = ["ip", "netns", "exec", Host.Netns];
        string[] network = ["-netdev", "tap,id=n,ifname=vnet0,script=no,downscript=no"];
        using Guest guest = Boot(inside, [.. network, .. VirtioCard]);
        string port = Attach("packet", "vnet0");

        ExchangeTraffic(guest, dhcp);

        Assert.Equal((0UL, 0UL), SoftwareWork(port));
        Assert.Equal((0UL, 0UL), SoftwareWork(Endpoint.ShortInterface));
    }
}

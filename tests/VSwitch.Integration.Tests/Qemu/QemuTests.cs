namespace VSwitch.Integration.Tests.Qemu;

/// <summary>
/// A VM in QEMU and an endpoint on a TAP of the same switch: the VM boots, gets its address by DHCP and exchanges TCP with
/// the endpoint, byte for byte, with every default setting of either.
/// </summary>
public sealed class QemuTests : LabTest, IClassFixture<GuestImage>
{
    private const string Configuration = """
        port-profile type vethernet servers
          switchport mode access
          switchport access vlan 10
          no shutdown
          state enabled
        """;

    private const int Megabytes = 8;
    private const string Mac = "52:54:00:12:34:56";

    /// <summary>QEMU needs no right but to write into a folder.</summary>
    private static readonly string[] AsNobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"];

    private static readonly string[] VirtioCard = ["-device", $"virtio-net-pci,netdev=n,mac={Mac},romfile="];
    private static readonly string[] IntelCard = ["-device", $"e1000,netdev=n,mac={Mac},romfile="];

    private readonly GuestImage _image;
    private readonly LabHost _host;
    private readonly Endpoint _endpoint;
    private readonly string _folder;

    public QemuTests(GuestImage image) : base(Laboratory.WithHosts(1, Configuration))
    {
        _image = image;
        _host = Lab.Hosts[0];
        _endpoint = Lab.AddEndpoint(_host, "endpoint", "servers", "10.1.1.1/24");
        // With the setgid bit, the sockets in a folder belong to its group.
        _folder = Directory.CreateDirectory(Path.Combine(Lab.Folder, "vm")).FullName;
        Shell.Run("chgrp", "nogroup", _folder);
        Shell.Run("chmod", "2770", _folder);
    }

    private string SocketPath => Path.Combine(_folder, "vm.sock");

    [Fact]
    public void StreamSocketServesAVmWithoutPrivileges()
    {
        using var dhcp = new DhcpServer(_endpoint);
        string[] network = ["-netdev", $"stream,id=n,server=off,addr.type=unix,addr.path={SocketPath}"];
        string port = Attach("stream", SocketPath);
        using (var guest = new Guest(_image, _folder, AsNobody, [.. network, .. VirtioCard]))
        {
            ExchangeTraffic(guest, dhcp);
            (ulong checksums, ulong segmentations) = SoftwareWork(port);
            Assert.NotEqual(0UL, checksums);
            Assert.NotEqual(0UL, segmentations);
        }

        // The plug was pulled. The VM comes back with another card, and nobody attaches it again.
        using var again = new Guest(_image, _folder, AsNobody, [.. network, .. IntelCard]);
        ExchangeTraffic(again, dhcp);
    }

    [Fact]
    public void StreamClientFindsItsVmAfterAVemRestart()
    {
        using var dhcp = new DhcpServer(_endpoint);
        Attach("stream", SocketPath, "--client");
        string[] network = ["-netdev", $"stream,id=n,server=on,addr.type=unix,addr.path={SocketPath}"];
        using var guest = new Guest(_image, _folder, AsNobody, [.. network, .. VirtioCard]);
        ExchangeTraffic(guest, dhcp);

        _host.Kill();
        _host.Start();

        Wait.Until(() => guest.CanPing(_endpoint.Address), () => $"the VM to be there again:\n{_host.Vemcmd("show", "port")}");
        guest.SendTcp(_endpoint, Megabytes);
    }

    [Fact]
    public void OffloadsTravelBetweenAQemuTapAndAnEndpoint()
    {
        using var dhcp = new DhcpServer(_endpoint);
        string[] inside = ["ip", "netns", "exec", _host.Netns];
        string[] network = ["-netdev", "tap,id=n,ifname=vnet0,script=no,downscript=no"];
        using var guest = new Guest(_image, _folder, inside, [.. network, .. VirtioCard]);
        string port = Attach("packet", "vnet0");

        ExchangeTraffic(guest, dhcp);

        Assert.Equal((0UL, 0UL), SoftwareWork(port));
        Assert.Equal((0UL, 0UL), SoftwareWork(_endpoint.ShortInterface));
    }

    /// <returns>The VM's port as the VEM shortens it, <c>Veth2</c>.</returns>
    private string Attach(string kind, string device, params string[] options)
    {
        string name = _host.Vemcmd(["attach", kind, device, "--profile", "servers", "--vm", "guest", .. options]).Trim();
        Assert.Matches("^Vethernet[0-9]+$", name);
        return name.Replace("Vethernet", "Veth", StringComparison.Ordinal);
    }

    private void ExchangeTraffic(Guest guest, DhcpServer dhcp)
    {
        string address = guest.AskForAddress();
        Assert.StartsWith(dhcp.Network, address, StringComparison.Ordinal);
        Wait.Until(() => dhcp.Log.Contains(Mac, StringComparison.Ordinal), () => $"the server to name {Mac}:\n{dhcp.Log}");
        Assert.True(guest.CanPing(_endpoint.Address));
        Assert.True(_endpoint.CanPing(address));
        guest.SendTcp(_endpoint, Megabytes);
        guest.ReceiveTcp(_endpoint, address, Megabytes);
    }

    /// <summary>Checksums finished and frames segmented in software on their way out of a port.</summary>
    private (ulong Checksums, ulong Segmentations) SoftwareWork(string port)
    {
        string[] words = _host.Vemcmd("show", "port", "offloads").Split('\n')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Single(words => words.Contains(port));
        return (ulong.Parse(words[^2]), ulong.Parse(words[^1]));
    }
}

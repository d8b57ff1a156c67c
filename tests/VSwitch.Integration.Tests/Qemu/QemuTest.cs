namespace VSwitch.Integration.Tests.Qemu;

/// <summary>
/// A laboratory for VMs in QEMU: an endpoint on a TAP of the first host, a folder for sockets, and a VM that is to get its address
/// by DHCP and to exchange TCP, byte for byte, with every default setting of either end.
/// </summary>
public abstract class QemuTest : LabTest, IClassFixture<GuestImage>
{
    protected const int Megabytes = 8;
    protected const string Mac = "52:54:00:12:34:56";

    private const string Configuration = """
        ip access-list no-telnet
          statistics per-entry
          10 deny tcp any any eq 23
          20 permit ip any any
        port-profile type ethernet uplink
          switchport mode trunk
          switchport trunk allowed vlan 10
          no shutdown
          state enabled
        port-profile type vethernet servers
          switchport mode access
          switchport access vlan 10
          ip port access-group no-telnet in
          no shutdown
          state enabled
        """;

    private readonly GuestImage _image;

    protected QemuTest(GuestImage image, int hostCount) : base(Laboratory.WithHosts(hostCount, Configuration))
    {
        _image = image;
        Endpoint = Lab.AddEndpoint(Host, "endpoint", "servers", "10.1.1.1/24");
        // With the setgid bit, the sockets in a folder belong to its group.
        Folder = Directory.CreateDirectory(Path.Combine(Lab.Folder, "vm")).FullName;
        Shell.Run("chgrp", "nogroup", Folder);
        Shell.Run("chmod", "2770", Folder);
    }

    /// <summary>What starts QEMU as a user that may write into <see cref="Folder"/> and nothing else.</summary>
    protected static string[] AsNobody { get; } = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"];

    protected static string[] VirtioCard { get; } = ["-device", $"virtio-net-pci,netdev=n,mac={Mac},romfile="];

    protected LabHost Host => Lab.Hosts[0];

    protected Endpoint Endpoint { get; }

    /// <summary>Of the group nogroup.</summary>
    protected string Folder { get; }

    protected string SocketPath => Path.Combine(Folder, "vm.sock");

    protected Guest Boot(string[] launcher, params string[] options) => new(_image, Folder, launcher, options);

    /// <returns>The VM's port as the VEM shortens it, <c>Veth2</c>.</returns>
    protected string Attach(string kind, string device, params string[] options)
    {
        string name = Host.Vemcmd(["attach", kind, device, "--profile", "servers", "--vm", "guest", .. options]).Trim();
        Assert.Matches("^Vethernet[0-9]+$", name);
        return name.Replace("Vethernet", "Veth", StringComparison.Ordinal);
    }

    /// <summary>The VM gets an address, and TCP crosses both ways between it and the endpoint.</summary>
    /// <returns>The address.</returns>
    protected string ExchangeTraffic(Guest guest, DhcpServer dhcp)
    {
        string address = guest.AskForAddress();
        Assert.StartsWith(dhcp.Network, address, StringComparison.Ordinal);
        Wait.Until(() => dhcp.Log.Contains(Mac, StringComparison.Ordinal), () => $"the server to name {Mac}:\n{dhcp.Log}");
        ExchangeTraffic(guest, address, Endpoint);
        return address;
    }

    /// <summary>TCP crosses both ways.</summary>
    protected static void ExchangeTraffic(Guest guest, string address, Endpoint endpoint)
    {
        Assert.True(guest.CanPing(endpoint.Address));
        Assert.True(endpoint.CanPing(address));
        guest.SendTcp(endpoint, Megabytes);
        guest.ReceiveTcp(endpoint, address, Megabytes);
    }

    /// <summary>Until the VM reaches the endpoint again.</summary>
    protected void WaitForPing(Guest guest) =>
        Wait.Until(() => guest.CanPing(Endpoint.Address), () => $"the VM to be there again:\n{Host.Vemcmd("show", "port")}");

    /// <summary>Checksums finished and frames segmented in software on their way out of a port.</summary>
    protected (ulong Checksums, ulong Segmentations) SoftwareWork(string port)
    {
        string[] words = Host.Vemcmd("show", "port", "offloads").Split('\n')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Single(words => words.Contains(port));
        return (ulong.Parse(words[^2]), ulong.Parse(words[^1]));
    }
}

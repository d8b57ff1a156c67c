namespace VSwitch.Integration.Tests;

/// <summary>
/// A network namespace with one netdev in it: what a VM is to the switch. The netdev is a TAP that the VEM makes, or one
/// end of a veth whose other end the VEM attaches.
/// </summary>
public sealed class Endpoint(string netns, string device, string mac, string vm, string[] addresses)
{
    public string Netns { get; } = netns;

    public string Device { get; } = device;

    public string Vm { get; } = vm;

    /// <summary>The first address, without its length.</summary>
    public string Address => addresses[0].Split('/')[0];

    /// <summary>The second address, without its length.</summary>
    public string Address6 => addresses[1].Split('/')[0];

    /// <summary>The other end of the veth, in the host's namespace; null for a TAP.</summary>
    public string? HostDevice { get; set; }

    /// <summary>The interface that the VSM made of it, <c>Vethernet1</c>.</summary>
    public string Interface { get; set; } = "";

    /// <summary><c>Veth1</c>.</summary>
    public string ShortInterface => Interface.Replace("Vethernet", "Veth", StringComparison.Ordinal);

    /// <summary>As a VM's card does, it keeps its address wherever it is attached.</summary>
    public string Mac { get; } = mac;

    public string[] AttachWords(string profile) => HostDevice is { } hostDevice
        ? ["attach", "packet", hostDevice, "--profile", profile, "--vm", Vm]
        : ["attach", "tap", Device, "--netns", Netns, "--profile", profile, "--vm", Vm, "--mac", Mac];

    /// <summary>Makes the pair of veths whose one end is the endpoint's netdev.</summary>
    public void MakeVeth(LabHost host) => Shell.Run(
        "ip", "link", "add", Device, "netns", Netns, "address", Mac, "type", "veth", "peer", "name", HostDevice!, "netns", host.Netns);

    /// <summary>Gives the netdev its addresses and sets it up; without addresses it keeps its mouth shut.</summary>
    public void SetUp(int mtuBytes = 1500)
    {
        if (addresses.Length == 0)
            Run("sysctl", "-qw", $"net.ipv6.conf.{Device}.disable_ipv6=1");
        foreach (string address in addresses)
            Shell.Run("ip", ["-n", Netns, "addr", "replace", address, "dev", Device, .. address.Contains(':', StringComparison.Ordinal) ? (string[])["nodad"] : []]);
        Shell.Run("ip", "-n", Netns, "link", "set", Device, "up", "mtu", $"{mtuBytes}");
    }

    /// <summary>Puts a VXLAN netdev on top, whose other end is on top of another endpoint: an endpoint in the same namespace.</summary>
    /// <param name="other">The endpoint that the tunnel leads to.</param>
    /// <param name="ipv6">By which protocol the tunnel goes; over IPv6 it has a UDP checksum, over IPv4 it has none.</param>
    /// <param name="address">Inside the tunnel.</param>
    public Endpoint AddVxlan(Endpoint other, bool ipv6, string address)
    {
        string[] ends = ipv6 ? ["local", Address6, "remote", other.Address6] : ["local", Address, "remote", other.Address, "noudpcsum"];
        var tunnel = new Endpoint(Netns, "vxlan0", Mac, $"{Vm} in VXLAN", [address]);
        Shell.Run("ip", ["-n", Netns, "link", "add", tunnel.Device, "type", "vxlan", "id", "5", "dstport", "4789", .. ends]);
        tunnel.SetUp(mtuBytes: 1430);
        return tunnel;
    }

    /// <summary>Runs a program inside.</summary>
    public ShellResult Try(params string[] command) => Shell.Try("ip", ["netns", "exec", Netns, .. command]);

    public string Run(params string[] command) => Shell.Run("ip", ["netns", "exec", Netns, .. command]);

    /// <summary>Starts a program inside that runs until it is disposed of.</summary>
    public Daemon Start(params string[] command) => new("ip", ["netns", "exec", Netns, .. command]);

    /// <summary>Whether another endpoint answers one of a few pings.</summary>
    public bool CanPing(Endpoint other) => CanPing(other.Address);

    public bool CanPing(string address) => Pings(address, seconds: 3);

    /// <summary>Whether none of a few pings is answered.</summary>
    public bool CannotPing(Endpoint other) => CannotPing(other.Address);

    public bool CannotPing(string address) => !Pings(address, seconds: 1);

    /// <summary>Until another endpoint answers: policy and links may be on their way.</summary>
    public void WaitForPing(Endpoint other) => Wait.Until(() => CanPing(other), $"{Vm} to reach {other.Vm}");

    /// <summary>Makes another endpoint's address known, so that no ARP is needed.</summary>
    public void Know(Endpoint other) => Run("ip", "neigh", "replace", other.Address, "lladdr", other.Mac, "nud", "permanent", "dev", Device);

    /// <summary>Whether a TCP connection to another endpoint's port is made; somebody listens there.</summary>
    public bool CanConnect(Endpoint other, int port) => Connects(other, port, seconds: 3);

    /// <summary>Whether a TCP connection to another endpoint's port is not made, although somebody listens there.</summary>
    public bool CannotConnect(Endpoint other, int port) => !Connects(other, port, seconds: 1);

    /// <summary>
    /// Sends random bytes to another endpoint by TCP, with whatever offloads the netdevs have by default, and compares both ends.
    /// </summary>
    public void SendTcp(Endpoint other, int megabytes = 32, bool ipv6 = false)
    {
        const int port = 5201;
        string folder = Directory.CreateTempSubdirectory("vswitch-tcp-").FullName;
        try
        {
            string sent = Path.Combine(folder, "sent"), received = Path.Combine(folder, "received");
            Shell.Run("dd", "if=/dev/urandom", $"of={sent}", "bs=1M", $"count={megabytes}", "status=none");
            string address = ipv6 ? $"TCP6:[{other.Address6}]" : $"TCP4:{other.Address}";
            using Daemon server = other.Listen(port, $"CREATE:{received}", ipv6);
            Run("socat", "-u", $"OPEN:{sent}", $"{address}:{port},connect-timeout=10");
            Wait.Until(() => !server.IsRunning, $"the receiver on {other.Vm} to end:\n{server.Log}");
            Shell.Run("cmp", sent, received);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Takes one TCP connection.</summary>
    /// <param name="port">Where it listens when this returns.</param>
    /// <param name="sink">Where what comes goes, in the words of socat.</param>
    /// <param name="ipv6">By which protocol.</param>
    public Daemon Listen(int port, string sink = "/dev/null", bool ipv6 = false)
    {
        Daemon server = Start("socat", "-u", $"{(ipv6 ? "TCP6" : "TCP4")}-LISTEN:{port},reuseaddr", sink);
        Wait.Until(() => Run("ss", "-Hltn", $"sport = :{port}").Length > 0, () => $"a listener on port {port} of {Vm}:\n{server.Log}");
        return server;
    }

    /// <summary>Ends with the first answer.</summary>
    private bool Pings(string address, int seconds) => Try("ping", "-c", "1", "-w", $"{seconds}", "-i", "0.2", address).ExitCode == 0;

    private bool Connects(Endpoint other, int port, int seconds)
    {
        using Daemon server = other.Listen(port);
        return Try("socat", "-u", "/dev/null", $"TCP:{other.Address}:{port},connect-timeout={seconds}").ExitCode == 0;
    }
}

namespace VSwitch.Integration.Tests;

/// <summary>A network namespace with one TAP in it: what a VM is to the switch.</summary>
public sealed class Endpoint(string netns, string device, string address, string vm)
{
    public string Netns { get; } = netns;

    public string Device { get; } = device;

    /// <summary>IPv4 address without length.</summary>
    public string Address { get; } = address;

    public string Vm { get; } = vm;

    /// <summary>The interface that the VSM made of it, <c>Vethernet1</c>.</summary>
    public string Interface { get; set; } = "";

    /// <summary>Runs a program inside.</summary>
    public ShellResult Try(params string[] command) => Shell.Try("ip", ["netns", "exec", Netns, .. command]);

    public string Run(params string[] command) => Shell.Run("ip", ["netns", "exec", Netns, .. command]);

    /// <summary>Whether another endpoint answers one of a few pings.</summary>
    public bool CanPing(Endpoint other) => CanPing(other.Address);

    public bool CanPing(string address) => Try("ping", "-c", "3", "-i", "0.2", "-W", "1", address).Output.Contains(" bytes from ", StringComparison.Ordinal);

    /// <summary>Whether a TCP connection to another endpoint's port is made; somebody has to listen there.</summary>
    public bool CanConnect(Endpoint other, int port)
    {
        using var server = new Daemon("ip", "netns", "exec", other.Netns, "socat", "-u", $"TCP-LISTEN:{port},reuseaddr,fork", "/dev/null");
        Wait.Until(() => other.Run("ss", "-Hltn", $"sport = :{port}").Length > 0, $"a listener on port {port}");
        return Try("socat", "-u", "/dev/null", $"TCP:{other.Address}:{port},connect-timeout=2").ExitCode == 0;
    }

    /// <summary>
    /// Sends random bytes to another endpoint by TCP and compares digests at both ends.
    /// </summary>
    /// <returns>Bytes that arrived; the test fails when they are not the ones that were sent.</returns>
    public long SendTcp(Endpoint other, int megabytes, int port = 5201)
    {
        string folder = Directory.CreateTempSubdirectory("vswitch-tcp-").FullName;
        try
        {
            string sent = Path.Combine(folder, "sent"), received = Path.Combine(folder, "received");
            Shell.Run("dd", "if=/dev/urandom", $"of={sent}", "bs=1M", $"count={megabytes}", "status=none");
            using var server = new Daemon("ip", "netns", "exec", other.Netns, "socat", "-u", $"TCP-LISTEN:{port},reuseaddr", $"CREATE:{received}");
            Wait.Until(() => other.Run("ss", "-Hltn", $"sport = :{port}").Length > 0, $"a listener on port {port}");
            Run("socat", "-u", $"OPEN:{sent}", $"TCP:{other.Address}:{port},connect-timeout=5");
            Wait.Until(() => !server.IsRunning, "the receiver to end");
            Shell.Run("cmp", sent, received);
            return new FileInfo(received).Length;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

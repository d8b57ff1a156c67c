using System.Security.Cryptography;

namespace VSwitch.Integration.Tests;

/// <summary>
/// A whole small data centre in network namespaces, made of the real programs: one VSM, hosts with a VEM each, their
/// uplinks joined by a Linux bridge, endpoints on TAPs. Everything it makes carries its id, and goes with it.
/// </summary>
public sealed class Laboratory : IDisposable
{
    private readonly List<string> _namespaces = [];
    private readonly List<LabHost> _hosts = [];
    private readonly string _folder;
    private Daemon? _vsm;
    private int _endpointCount;

    public Laboratory()
    {
        Id = "vt" + RandomNumberGenerator.GetHexString(6, lowercase: true);
        _folder = Directory.CreateTempSubdirectory($"vswitch-{Id}-").FullName;
        Fabric = AddNamespace("fabric");
        Shell.Run("ip", "-n", Fabric, "link", "add", "br0", "type", "bridge");
        Shell.Run("ip", "-n", Fabric, "link", "set", "br0", "up", "mtu", "9216");
        // The bridge has no VLAN filtering and no snooping: it is the wire between the hosts.
        Shell.Run("ip", "netns", "exec", Fabric, "sh", "-c", "echo 0 > /sys/class/net/br0/bridge/multicast_snooping");
    }

    public string Id { get; }

    /// <summary>The namespace of the bridge that joins the uplinks.</summary>
    public string Fabric { get; }

    public string VsmSocket => Path.Combine(_folder, "vsm.sock");

    public string VsmState => Path.Combine(_folder, "vsm");

    public Daemon Vsm => _vsm ?? throw new InvalidOperationException("The VSM is not started.");

    /// <summary>A VSM and hosts whose uplinks ask for the profile <c>uplink</c>.</summary>
    public static Laboratory WithHosts(int count)
    {
        var lab = new Laboratory();
        try
        {
            lab.StartVsm();
            for (int i = 1; i <= count; i++)
                lab.AddHost($"host{i}");
            return lab;
        }
        catch
        {
            lab.Dispose();
            throw;
        }
    }

    public void StartVsm()
    {
        _vsm?.Dispose();
        _vsm = new Daemon(Programs.Vsm, "--listen", $"unix:{VsmSocket}.tcp", "--socket", VsmSocket, "--state", VsmState);
        Wait.Until(() => TryVsw("show version").ExitCode == 0, () => $"the VSM to answer:\n{_vsm.Log}");
    }

    /// <summary>Adds a host with an uplink to the bridge and starts its VEM.</summary>
    public LabHost AddHost(string name, string profile = "uplink", int mtuBytes = 1500)
    {
        string netns = AddNamespace(name);
        string port = $"p{_hosts.Count}";
        Shell.Run("ip", "link", "add", "eth1", "netns", netns, "mtu", $"{mtuBytes}", "type", "veth", "peer", "name", port, "netns", Fabric, "mtu", $"{mtuBytes}");
        Shell.Run("ip", "-n", netns, "link", "set", "eth1", "up");
        Shell.Run("ip", "-n", Fabric, "link", "set", port, "up", "master", "br0");
        var host = new LabHost(name, netns, Path.Combine(_folder, name), $"unix:{VsmSocket}", "--uplink", $"eth1={profile}");
        _hosts.Add(host);
        host.Start();
        host.WaitForVsm();
        return host;
    }

    /// <summary>Makes an endpoint and attaches it to a host.</summary>
    /// <param name="address">IPv4 address and length.</param>
    public Endpoint AddEndpoint(LabHost host, string vm, string profile, string address, int mtuBytes = 1500)
    {
        Endpoint endpoint = AddDetachedEndpoint(vm, address);
        Attach(host, endpoint, profile);
        Configure(endpoint, address, mtuBytes);
        return endpoint;
    }

    public Endpoint AddDetachedEndpoint(string vm, string address) =>
        new(AddNamespace($"e{++_endpointCount}"), $"tap{_endpointCount}", address.Split('/')[0], vm);

    public static void Attach(LabHost host, Endpoint endpoint, string profile) =>
        endpoint.Interface = host.Vemcmd("attach", "tap", endpoint.Device, "--netns", endpoint.Netns, "--profile", profile, "--vm", endpoint.Vm).Trim();

    public static void Configure(Endpoint endpoint, string address, int mtuBytes = 1500)
    {
        Shell.Run("ip", "-n", endpoint.Netns, "addr", "add", address, "dev", endpoint.Device, "nodad");
        Shell.Run("ip", "-n", endpoint.Netns, "link", "set", endpoint.Device, "up", "mtu", $"{mtuBytes}");
    }

    /// <summary>Runs commands in one session; the first that fails fails the test.</summary>
    public string Vsw(params string[] commands) => Shell.Run(Programs.Vsw, VswArguments(commands));

    public ShellResult TryVsw(params string[] commands) => Shell.Try(Programs.Vsw, VswArguments(commands));

    /// <summary>Runs a configuration script from standard input.</summary>
    public string VswScript(string script)
    {
        ShellResult result = TryVswScript(script);
        return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException($"The script failed with {result.ExitCode}:\n{result.Everything}");
    }

    public ShellResult TryVswScript(string script) => Shell.Try(Programs.Vsw, ["--vsm", $"unix:{VsmSocket}"], script);

    public string AddNamespace(string name)
    {
        string netns = $"{Id}-{name}";
        Shell.Run("ip", "netns", "add", netns);
        _namespaces.Add(netns);
        Shell.Run("ip", "-n", netns, "link", "set", "lo", "up");
        return netns;
    }

    public void Dispose()
    {
        foreach (LabHost host in _hosts)
            host.Dispose();
        _vsm?.Dispose();
        foreach (string netns in _namespaces)
            Shell.Try("ip", "netns", "del", netns);
        Directory.Delete(_folder, recursive: true);
    }

    private string[] VswArguments(string[] commands) =>
        ["--vsm", $"unix:{VsmSocket}", .. commands.SelectMany(command => (string[])["-c", command])];
}

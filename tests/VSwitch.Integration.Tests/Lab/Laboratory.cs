using System.Text;

namespace VSwitch.Integration.Tests;

/// <summary>
/// A whole small data centre in network namespaces, made of the real programs: one VSM, hosts with a VEM each, their
/// uplinks joined by a Linux bridge, endpoints on TAPs and veths. Everything it makes carries its id, and goes with it.
/// </summary>
public sealed class Laboratory : IDisposable
{
    /// <summary>The bridge and the uplinks carry jumbo frames, so that MTUs are the endpoints' affair.</summary>
    private const int FabricMtuBytes = 9216;

    private readonly List<string> _namespaces = [];
    private readonly List<LabHost> _hosts = [];
    private int _endpointCount;
    private Daemon? _vsm;

    public Laboratory()
    {
        Id = Leftovers.NewId();
        Folder = Directory.CreateDirectory(Leftovers.Folder(Id)).FullName;
        Fabric = AddNamespace("fabric");
        // The bridge has no VLAN filtering, no snooping and nothing to say: it is the wire between the hosts.
        Shell.Run("ip", "netns", "exec", Fabric, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1");
        Shell.Run("ip", "-n", Fabric, "link", "add", "br0", "type", "bridge", "mcast_snooping", "0");
        Shell.Run("ip", "-n", Fabric, "link", "set", "br0", "up", "mtu", $"{FabricMtuBytes}");
    }

    public string Id { get; }

    /// <summary>Where sockets, states and scratch files are.</summary>
    public string Folder { get; }

    /// <summary>The namespace of the bridge that joins the uplinks.</summary>
    public string Fabric { get; }

    public string VsmSocket => Path.Combine(Folder, "vsm.sock");

    public string VsmState => Path.Combine(Folder, "vsm");

    public Daemon Vsm => _vsm ?? throw new InvalidOperationException("The VSM is not started.");

    public IReadOnlyList<LabHost> Hosts => _hosts;

    /// <summary>What every daemon wrote, for the reader of a test that failed.</summary>
    public string Logs
    {
        get
        {
            var logs = new StringBuilder();
            logs.Append($"== vsm\n{_vsm?.Log}");
            foreach (LabHost host in _hosts)
                logs.Append($"== vem {host.Name}\n{host.Log}");
            return logs.ToString();
        }
    }

    /// <summary>A VSM with a configuration, and hosts <c>host1</c>, <c>host2</c>, ... whose uplinks ask for the profile <c>uplink</c>.</summary>
    public static Laboratory WithHosts(int count, string configuration)
    {
        var lab = new Laboratory();
        try
        {
            lab.StartVsm();
            lab.Configure(configuration);
            for (int i = 1; i <= count; i++)
                lab.AddHost($"host{i}");
            return lab;
        }
        catch (Exception exception)
        {
            string logs = lab.Logs;
            lab.Dispose();
            throw new InvalidOperationException($"{exception.Message}\n{logs}", exception);
        }
    }

    public void StartVsm()
    {
        _vsm?.Dispose();
        _vsm = new Daemon(Programs.Vsm, "--listen", $"unix:{VsmSocket}.vems", "--socket", VsmSocket, "--state", VsmState);
        Wait.Until(() => TryVsw("show clock").ExitCode != VswExit.Unreachable || !_vsm.IsRunning, () => $"the VSM to answer:\n{_vsm.Log}");
        if (!_vsm.IsRunning)
            throw new InvalidOperationException($"The VSM ended:\n{_vsm.Log}");
    }

    /// <summary>Adds a host with uplinks to the bridge, which ask for the profile <c>uplink</c>, and starts its VEM.</summary>
    /// <param name="name">In show module, and of its namespace.</param>
    /// <param name="uplinkCount">0 or more.</param>
    /// <param name="vemOptions">More of the VEM's command line.</param>
    public LabHost AddHost(string name, int uplinkCount = 1, params string[] vemOptions)
    {
        LabHost host = AddStoppedHost(name, uplinkCount, vemOptions);
        host.Start();
        host.WaitForVsm();
        return host;
    }

    /// <summary>Adds a host whose VEM has yet to be started.</summary>
    public LabHost AddStoppedHost(string name, int uplinkCount = 1, params string[] vemOptions)
    {
        string netns = AddNamespace(name);
        var options = new List<string>(vemOptions);
        for (int uplink = 1; uplink <= uplinkCount; uplink++)
        {
            string port = $"h{_hosts.Count}u{uplink}";
            Shell.Run("ip", "link", "add", $"eth{uplink}", "netns", netns, "mtu", $"{FabricMtuBytes}", "type", "veth", "peer", "name", port, "netns", Fabric, "mtu", $"{FabricMtuBytes}");
            Shell.Run("ip", "-n", netns, "link", "set", $"eth{uplink}", "up");
            Shell.Run("ip", "-n", Fabric, "link", "set", port, "up", "master", "br0");
            options.AddRange(["--uplink", $"eth{uplink}=uplink"]);
        }
        var host = new LabHost(name, netns, Path.Combine(Folder, name), $"unix:{VsmSocket}", [.. options]);
        _hosts.Add(host);
        return host;
    }

    /// <summary>Makes an endpoint and attaches its TAP to a host.</summary>
    /// <param name="addresses">IPv4 and IPv6 addresses with their lengths; none for an endpoint that has nothing to say by itself.</param>
    public Endpoint AddEndpoint(LabHost host, string vm, string profile, params string[] addresses)
    {
        Endpoint endpoint = NewEndpoint(vm, addresses);
        host.Attach(endpoint, profile);
        endpoint.SetUp();
        return endpoint;
    }

    /// <summary>The same, and waits until its port forwards.</summary>
    public Endpoint AddForwardingEndpoint(LabHost host, string vm, string profile, params string[] addresses)
    {
        Endpoint endpoint = AddEndpoint(host, vm, profile, addresses);
        host.WaitForForwarding(endpoint);
        return endpoint;
    }

    /// <summary>Makes an endpoint on one end of a veth, whose other end a host attaches as a packet port.</summary>
    public Endpoint AddPacketEndpoint(LabHost host, string vm, string profile, params string[] addresses)
    {
        Endpoint endpoint = NewEndpoint(vm, addresses);
        endpoint.HostDevice = $"veth{_endpointCount}";
        endpoint.MakeVeth(host);
        host.Attach(endpoint, profile);
        endpoint.SetUp();
        return endpoint;
    }

    /// <summary>Makes an endpoint that is attached to nothing yet.</summary>
    public Endpoint NewEndpoint(string vm, params string[] addresses)
    {
        string netns = AddNamespace($"e{++_endpointCount}");
        // Only what the test sends is to be on the wire.
        Shell.Run("ip", "netns", "exec", netns, "sysctl", "-qw", "net.ipv6.conf.default.router_solicitations=0", "net.ipv6.conf.default.accept_dad=0");
        return new Endpoint(netns, $"nic{_endpointCount}", $"02:5a:00:00:00:{_endpointCount:x2}", vm, addresses);
    }

    /// <summary>Until the VSM has heard that an interface is not attached any more, which is a moment after its VEM has detached it.</summary>
    public void WaitForDetached(string veth) =>
        Wait.Until(() => Vsw($"show interface {veth}").Contains("Active on no module", StringComparison.Ordinal), () => Vsw("show interface virtual"));

    /// <summary>Runs a script in configuration mode, which has to succeed.</summary>
    public void Configure(string script)
    {
        ShellResult result = TryVswScript("configure terminal\n" + script);
        if (result.ExitCode != VswExit.Done)
            throw new InvalidOperationException($"The configuration failed with {result.ExitCode}:\n{result.Everything}");
    }

    /// <summary>Runs commands in one session; the first that fails fails the test.</summary>
    public string Vsw(params string[] commands) => Shell.Run(Programs.Vsw, VswArguments(commands));

    /// <summary>Runs a command that the VSM passes on to its VEMs, again while one of them does not answer in time.</summary>
    public string AskVems(string command)
    {
        string answer = "";
        Wait.Until(() => !(answer = Vsw(command)).Contains("% No answer", StringComparison.Ordinal), () => answer);
        return answer;
    }

    public ShellResult TryVsw(params string[] commands) => Shell.Try(Programs.Vsw, VswArguments(commands));

    /// <summary>Runs a script from standard input.</summary>
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
        Directory.Delete(Folder, recursive: true);
    }

    private string[] VswArguments(string[] commands) =>
        ["--vsm", $"unix:{VsmSocket}", .. commands.SelectMany(command => (string[])["-c", command])];
}

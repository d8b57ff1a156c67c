using System.Net.Sockets;

namespace VSwitch.Integration.Tests;

/// <summary>
/// A host of the lab: a network namespace with a VEM in it, and a veth to the lab's bridge as its uplink. The VEM can be
/// stopped, killed and started again with the same state.
/// </summary>
public sealed class LabHost : IDisposable
{
    private readonly string _folder;
    private readonly string _vsm;
    private readonly string[] _options;
    private Daemon? _vem;
    private string _earlierLog = "";

    public LabHost(string name, string netns, string folder, string vsm, params string[] options)
    {
        Name = name;
        Netns = netns;
        _folder = folder;
        _vsm = vsm;
        _options = options;
        Directory.CreateDirectory(folder);
    }

    public string Name { get; }

    public string Netns { get; }

    public string Socket => Path.Combine(_folder, "vem.sock");

    public string State => Path.Combine(_folder, "state");

    public Daemon Vem => _vem ?? throw new InvalidOperationException($"The VEM of {Name} is not started.");

    /// <summary>What all VEMs of this host wrote.</summary>
    public string Log => _earlierLog + _vem?.Log;

    /// <summary>What the VEM is started with.</summary>
    public string[] CommandLine => ["netns", "exec", Netns, Programs.Vem, "--vsm", _vsm, "--state", State, "--name", Name, "--socket", Socket, .. _options];

    public void Start()
    {
        _earlierLog = Log;
        _vem?.Dispose();
        _vem = new Daemon("ip", CommandLine);
        Wait.Until(() => Answers() || !_vem.IsRunning, () => $"the VEM of {Name} to answer:\n{_vem.Log}");
        if (!_vem.IsRunning)
            throw new InvalidOperationException($"The VEM of {Name} ended:\n{_vem.Log}");
    }

    /// <summary>Until the VSM has welcomed this VEM.</summary>
    public void WaitForVsm() => Wait.Until(() => !IsHeadless, () => $"the VEM of {Name} to reach its VSM:\n{Vem.Log}");

    public bool IsHeadless => Vemcmd("show", "card", "|", "include", "Headless").Contains("Yes", StringComparison.Ordinal);

    public void Kill() => Vem.Kill();

    public int Stop() => Vem.Stop();

    /// <summary>Attaches an endpoint: makes its TAP, or takes the host's end of its veth.</summary>
    public void Attach(Endpoint endpoint, string profile) => endpoint.Interface = Vemcmd(endpoint.AttachWords(profile)).Trim();

    public ShellResult TryAttach(Endpoint endpoint, string profile) => TryVemcmd(endpoint.AttachWords(profile));

    public void Detach(Endpoint endpoint) => Vemcmd("detach", endpoint.Interface);

    public string Vemcmd(params string[] arguments) => Shell.Run(Programs.Vemcmd, ["--socket", Socket, .. arguments]);

    public ShellResult TryVemcmd(params string[] arguments) => Shell.Try(Programs.Vemcmd, ["--socket", Socket, .. arguments]);

    /// <summary>
    /// What the VEM has open, such as <c>anon_inode:[eventfd]</c>, sorted: sockets and pipes without their numbers, no assemblies and no
    /// io_uring of a worker, which are opened when they are first used.
    /// </summary>
    public IReadOnlyList<string> ReadDescriptors() =>
        [.. Directory.GetFileSystemEntries($"/proc/{Vem.Id}/fd").Select(Target)
            .Where(target => target is not ("" or "anon_inode:[io_uring]") && !target.EndsWith(".dll", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>The line of <c>show port</c> about an endpoint.</summary>
    public string ShowPort(Endpoint endpoint) =>
        Vemcmd("show", "port").Split('\n').FirstOrDefault(line => line.Split(' ').Any(word => word == (endpoint.HostDevice ?? $"{endpoint.Device}@{endpoint.Netns}"))) ?? "";

    public bool IsForwarding(Endpoint endpoint) => ShowPort(endpoint).Contains(" FWD ", StringComparison.Ordinal);

    /// <summary>Until an endpoint's port forwards, which is a moment after it has been attached.</summary>
    public void WaitForForwarding(Endpoint endpoint) => Wait.Until(() => IsForwarding(endpoint), () => $"{endpoint.Vm} to forward:\n{Vemcmd("show", "port")}");

    public Drops ReadDrops() => Drops.Parse(Vemcmd("show", "port-drops"));

    public void Dispose() => _vem?.Dispose();

    /// <summary>Empty when the descriptor has just been closed.</summary>
    private static string Target(string path)
    {
        try
        {
            string target = new FileInfo(path).LinkTarget ?? "";
            return target.StartsWith("socket:", StringComparison.Ordinal) || target.StartsWith("pipe:", StringComparison.Ordinal)
                ? target[..target.IndexOf(':', StringComparison.Ordinal)]
                : target;
        }
        catch (IOException)
        {
            return "";
        }
    }

    private bool Answers()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(Socket));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

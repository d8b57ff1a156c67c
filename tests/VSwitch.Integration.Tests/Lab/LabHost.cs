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

    public void Start()
    {
        _vem?.Dispose();
        _vem = new Daemon("ip", ["netns", "exec", Netns, Programs.Vem, "--vsm", _vsm, "--state", State, "--name", Name, "--socket", Socket, .. _options]);
        Wait.Until(() => TryVemcmd("show", "card").ExitCode == 0, () => $"the VEM of {Name} to answer:\n{_vem.Log}");
    }

    public void WaitForVsm() =>
        Wait.Until(() => Vemcmd("show", "card").Contains("Card Headless Mode: No", StringComparison.Ordinal), () => $"the VEM of {Name} to reach its VSM:\n{Vem.Log}");

    public void Kill() => Vem.Kill();

    public int Stop() => Vem.Stop();

    public string Vemcmd(params string[] arguments) => Shell.Run(Programs.Vemcmd, ["--socket", Socket, .. arguments]);

    public ShellResult TryVemcmd(params string[] arguments) => Shell.Try(Programs.Vemcmd, ["--socket", Socket, .. arguments]);

    public void Dispose() => _vem?.Dispose();
}

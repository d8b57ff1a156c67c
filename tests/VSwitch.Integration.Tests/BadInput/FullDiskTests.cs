namespace VSwitch.Integration.Tests.BadInput;

/// <summary>The disk is full: what is asked for is refused or said not to last, forwarding goes on, and all is well when there is room again.</summary>
public sealed class FullDiskTests : LabTest
{
    private const string Configuration = """
        port-profile type vethernet ten
          switchport mode access
          switchport access vlan 10
          no shutdown
          state enabled
        """;

    private readonly Endpoint _first;
    private readonly Endpoint _second;

    public FullDiskTests() : base(Laboratory.WithHosts(1, Configuration))
    {
        _first = Lab.AddEndpoint(Host, "first", "ten", "10.19.0.1/24");
        _second = Lab.AddEndpoint(Host, "second", "ten", "10.19.0.2/24");
    }

    private LabHost Host => Lab.Hosts[0];

    [Fact]
    public void OfTheVem()
    {
        Host.Kill();
        using var disk = new SmallDisk(Host.State, kilobytes: 256);
        disk.Fill();
        Host.Start();
        Host.WaitForVsm();
        _first.WaitForPing(_second);
        Assert.Contains("What this VEM has to remember is not on the disk: ", Host.Vem.Log, StringComparison.Ordinal);

        // What is attached now works, and its owner knows that it will not last.
        Endpoint late = Lab.AddEndpoint(Host, "late", "ten", "10.19.0.3/24");
        Host.Detach(late);
        ShellResult attached = Host.TryAttach(late, "ten");
        Assert.Equal(0, attached.ExitCode);
        Assert.Contains("This is not on the disk (", attached.Error, StringComparison.Ordinal);
        late.SetUp();
        late.WaitForPing(_second);

        disk.Empty();
        Wait.Until(() => Host.Vemcmd("show", "card").Contains("State on disk: saved", StringComparison.Ordinal), () => Host.Vemcmd("show", "card"));
        Host.Kill();
        Lab.Vsm.Kill();
        Host.Start();
        late.WaitForPing(_first);
    }

    [Fact]
    public void OfTheVsm()
    {
        Lab.Vsm.Kill();
        using var disk = new SmallDisk(Lab.VsmState, kilobytes: 512);
        Lab.StartVsm();
        Host.WaitForVsm();
        Lab.Vsw("configure terminal", "vlan 77");
        disk.Fill();

        ShellResult refused = new(0, "", "");
        for (int vlan = 1000; refused.ExitCode == 0 && vlan < 2000; vlan++)
        {
            refused = Lab.TryVsw("configure terminal", $"vlan {vlan}", $"name {new string('x', 30)}{vlan - 1000:D2}");
        }
        Assert.Contains("cannot be written: ", refused.Everything, StringComparison.Ordinal);
        Assert.Contains("full", refused.Everything, StringComparison.Ordinal);
        Assert.True(_first.CanPing(_second));

        disk.Empty();
        Lab.Vsw("configure terminal", "vlan 88");
        string after = ShowRunning();
        Lab.Vsm.Kill();
        Lab.StartVsm();
        Assert.Equal(after, ShowRunning());
        Assert.Contains("77", after, StringComparison.Ordinal);
        Assert.Contains("88", after, StringComparison.Ordinal);
        Assert.Equal(0, Lab.Vsm.Stop());
    }

    /// <summary>Without the lines that say when it was asked for.</summary>
    private string ShowRunning()
    {
        string text = Lab.Vsw("show running-config");
        return text[text.IndexOf("version", StringComparison.Ordinal)..];
    }
}

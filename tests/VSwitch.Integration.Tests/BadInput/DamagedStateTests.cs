namespace VSwitch.Integration.Tests.BadInput;

/// <summary>What a VEM keeps on disk is damaged or belongs to another.</summary>
public sealed class DamagedStateTests : LabTest
{
    private const string Configuration = """
        port-profile type ethernet uplink
          switchport mode trunk
          switchport trunk allowed vlan 10
          no shutdown
          state enabled
        port-profile type vethernet ten
          switchport mode access
          switchport access vlan 10
          no shutdown
          state enabled
        """;

    private readonly Endpoint _first;
    private readonly Endpoint _second;
    private readonly Endpoint _away;

    public DamagedStateTests() : base(Laboratory.WithHosts(2, Configuration))
    {
        _first = Lab.AddEndpoint(Host, "first", "ten", "10.9.0.1/24");
        _second = Lab.AddEndpoint(Host, "second", "ten", "10.9.0.2/24");
        _away = Lab.AddEndpoint(Lab.Hosts[1], "away", "ten", "10.9.0.3/24");
        Assert.True(_first.CanPing(_second));
    }

    private LabHost Host => Lab.Hosts[0];

    /// <summary>A configuration that cannot be believed is set aside; the VSM sends it again.</summary>
    [Theory]
    [InlineData("cut")]
    [InlineData("changed")]
    [InlineData("empty")]
    public void ADamagedConfigurationIsSetAside(string damage)
    {
        string interfaces = Lab.Vsw("show interface virtual");
        Host.Kill();
        string file = Path.Combine(Host.State, "configuration.bin");
        Damage(file, damage);
        Host.Start();
        Host.WaitForVsm();

        Assert.Contains($"{file} is damaged; it is now {file}.damaged", Host.Vem.Log, StringComparison.Ordinal);
        Assert.True(File.Exists(file + ".damaged"));
        _first.WaitForPing(_second);
        Assert.Equal(interfaces, Lab.Vsw("show interface virtual"));
    }

    [Fact]
    public void DamagedAttachmentsComeFromTheirCopy()
    {
        Host.Kill();
        string file = Path.Combine(Host.State, "attachments.bin");
        Damage(file, "cut");
        Host.Start();
        Host.WaitForVsm();

        Assert.Contains($"{file} is damaged; it is now {file}.damaged", Host.Vem.Log, StringComparison.Ordinal);
        _first.WaitForPing(_second);
    }

    [Fact]
    public void AttachmentsThatAreDamagedTwiceAreAttachedAgain()
    {
        string one = _first.Interface;
        Host.Kill();
        string file = Path.Combine(Host.State, "attachments.bin");
        Damage(file, "cut");
        Damage(file + ".copy", "cut");
        Host.Start();
        Host.WaitForVsm();
        Assert.Contains($"{file} is damaged; it is now {file}.damaged", Host.Vem.Log, StringComparison.Ordinal);

        // The number belongs to the VM's card all the same; the module's to the identity.
        Host.Attach(_first, "ten");
        Host.Attach(_second, "ten");
        Assert.Equal(one, _first.Interface);
        Assert.Contains("Card slot: 3", Host.Vemcmd("show", "card"), StringComparison.Ordinal);
        _first.WaitForPing(_second);
    }

    [Fact]
    public void ADamagedIdentityIsNotReplacedInSilence()
    {
        Host.Kill();
        string file = Path.Combine(Host.State, "identity.pem");
        Damage(file, "cut");
        ShellResult result = Shell.Try("ip", Host.CommandLine);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"vem: {file} holds no usable key", result.Error, StringComparison.Ordinal);
        Assert.Contains("remove it to let this VEM join as a new module", result.Error, StringComparison.Ordinal);
    }

    /// <summary>A copy of a state folder is the same VEM twice: the VSM keeps the first, whose traffic notices nothing, and the second ends.</summary>
    [Fact]
    public void ACopyOfAStateFolderIsRefused()
    {
        string modules = Lab.Vsw("show module vem mapping");
        using var besides = new NumberedStream(_first, _second);
        using var across = new NumberedStream(_second, _away);

        LabHost copy = Lab.AddStoppedHost("host3");
        Directory.CreateDirectory(copy.State);
        foreach (string file in Directory.GetFiles(Host.State).Where(file => Path.GetFileName(file) != "lock"))
            File.Copy(file, Path.Combine(copy.State, Path.GetFileName(file)));
        copy.Start();
        Wait.Until(() => copy.Vem.Log.Contains("is connected already, as module 3 (host1)", StringComparison.Ordinal), () => copy.Vem.Log);
        Assert.True(copy.IsHeadless);
        Assert.Equal(1, copy.Vem.WaitForExit());
        Assert.Contains("two VEMs cannot share one state directory or a copy of it. Give it a --state folder of its own.", copy.Vem.Log, StringComparison.Ordinal);
        Assert.False(Host.IsHeadless);
        Assert.Equal(modules, Lab.Vsw("show module vem mapping"));

        Assert.True(_first.CanPing(_second));
        Assert.True(_first.CanPing(_away));
        besides.AssertWhole();
        across.AssertWhole();
    }

    private static void Damage(string file, string damage)
    {
        byte[] content = File.ReadAllBytes(file);
        switch (damage)
        {
            case "cut":
                content = content[..(content.Length / 2)];
                break;
            case "changed":
                content[^1] ^= 1;
                break;
            default:
                content = [];
                break;
        }
        File.WriteAllBytes(file, content);
    }
}

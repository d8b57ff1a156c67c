namespace VSwitch.Integration.Tests.BadInput;

/// <summary>
/// What is wrong is refused with a message that says what, where and what would be right, and with its exit code; the
/// configuration and the ports are as before.
/// </summary>
public sealed class BadInputTests : LabTest, IClassFixture<BadInputLab>
{
    private readonly BadInputLab _lab;
    private readonly string _configuration;
    private readonly string _ports;

    public BadInputTests(BadInputLab lab) : base(lab.Lab, isOwner: false)
    {
        _lab = lab;
        _configuration = ConfigurationText();
        _ports = Ports();
    }

    private LabHost Host => Lab.Hosts[0];

    [Theory]
    [InlineData("frobnicate", "-c: frobnicate\n    ^\n% Invalid command at '^' marker.\n")]
    [InlineData("vlan 5000", "-c: vlan 5000\n         ^\n% Invalid number, range is (1-3967,4048-4093) at '^' marker.\n")]
    [InlineData("vlan ten", "-c: vlan ten\n         ^\n")]
    [InlineData("port-profile", "% Incomplete command at '^' marker.\n")]
    [InlineData("no port-profile child", "ERROR: port profile in use: child is inherited by Vethernet1, Vethernet2\n")]
    [InlineData("no port-profile parent", "ERROR: port profile in use: parent is inherited by ")]
    [InlineData("no port-profile chidl", "ERROR: port-profile chidl does not exist; did you mean child?\n")]
    [InlineData("port-profile parent\ninherit port-profile child", "would inherit itself: ")]
    [InlineData("port-profile child\ninherit port-profile child", "ERROR: port-profile child would inherit itself: child <- child\n")]
    [InlineData("port-profile child\ninherit port-profile uplink", "ERROR: ")]
    [InlineData("port-profile child\nswitchport access vlan 4095", "% Invalid number, range is (1-3967,4048-4093) at '^' marker.\n")]
    [InlineData("interface vethernet 1\ninherit port-profile uplink", "ERROR: ")]
    public void CommandsThatAreWrong(string commands, string message)
    {
        ShellResult result = Lab.TryVsw(["configure terminal", .. commands.Split('\n')]);
        Assert.Equal(VswExit.Refused, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        AssertNothingChanged();
    }

    [Theory]
    [InlineData("attach packet nodev0 --profile child --vm x", VswExit.Refused, "there is no netdev nodev0")]
    [InlineData("attach tap tapx --netns nowhere --profile child --vm x", VswExit.Refused, "there is no network namespace 'nowhere'")]
    [InlineData("attach tap a-name-that-is-too-long --profile child --vm x", VswExit.Refused, "15 bytes")]
    [InlineData("attach tap öööööööö --profile child --vm x", VswExit.Refused, "15 bytes")]
    [InlineData("attach tap e\u001b[31mr --profile child --vm x", VswExit.Refused, "a control character")]
    [InlineData("attach tap all --profile child --vm x", VswExit.Refused, "is not ., .., all or default")]
    [InlineData("attach tap lo --profile child --vm x", VswExit.Refused, "lo")]
    [InlineData("attach tap tapx --profile nowhere --vm x", VswExit.Refused, "port-profile nowhere does not exist")]
    [InlineData("attach tap tapx --profile uplink --vm x", VswExit.Refused, "port-profile uplink is of type ethernet")]
    [InlineData("attach tap tapx --profile disabled --vm x", VswExit.Refused, "port-profile disabled is disabled; enable it with")]
    [InlineData("attach tap tapx --profile child", VswExit.Usage, "--vm")]
    [InlineData("attach tap tapx --vm x", VswExit.Usage, "--profile")]
    [InlineData("attach tap", VswExit.Usage, "the name of a netdev")]
    [InlineData("attach pipe tapx --profile child --vm x", VswExit.Usage, "'pipe' cannot be attached; it is tap NAME, packet IFNAME")]
    [InlineData("attach tap tapx --profile child --vm x --adaptor 1", VswExit.Usage, "no option '--adaptor'")]
    [InlineData("attach tap tapx --profile child --vm x --adapter none", VswExit.Usage, "none")]
    [InlineData("attach tap tapx --profile child --vm x --mac 01:00:00:00:00:01", VswExit.Refused, "01:00:00:00:00:01")]
    [InlineData("attach tap tapx --profile child --vm x --mac 00:00:00:00:00:00", VswExit.Refused, "00:00:00:00:00:00")]
    [InlineData("attach tap tap%d --profile child --vm x", VswExit.Refused, "a percent sign")]
    [InlineData("attach vhost-user /tmp --profile child --vm x", VswExit.Refused, "/tmp is there and is no socket")]
    [InlineData("attach stream /etc/hostname --profile child --vm x", VswExit.Refused, "/etc/hostname is there and is no socket")]
    [InlineData("attach stream /etc/hostname --client --profile child --vm x", VswExit.Refused, "/etc/hostname is there and is no socket")]
    [InlineData("attach vhost-user /vsw-none/x --client --profile child --vm x", VswExit.Refused, "there is no folder /vsw-none")]
    [InlineData("detach veth99", VswExit.Refused, "Nothing is attached as 'veth99'. Attached are: Vethernet1, Vethernet2.")]
    [InlineData("detach eth1", VswExit.Refused, "eth1 is an uplink")]
    [InlineData("attach packet lo --profile ten --vm v9", VswExit.Refused, "lo is the loopback of this network namespace")]
    [InlineData("detach", VswExit.Usage, "vethN or the name of its netdev")]
    [InlineData("show nothing", VswExit.Refused, "vemcmd: show nothing\n             ^\n% Invalid command at '^' marker.\n")]
    [InlineData("--frob show card", VswExit.Usage, "There is no option '--frob'")]
    public void VemCommandsThatAreWrong(string words, int exitCode, string message)
    {
        ShellResult result = Host.TryVemcmd(words.Split(' '));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Empty(Shell.Try("ip", "-n", Host.Netns, "link", "show", "tapx").Output);
        AssertNothingChanged();
    }

    [Theory]
    [InlineData("vsw", "--frob", "vsw: There is no option '--frob'.")]
    [InlineData("vem", "--frob", "vem: There is no option '--frob'.")]
    [InlineData("vsm", "--frob", "--frob")]
    [InlineData("vsw", "--vsm nowhere", "'nowhere' is not an address; it is HOST:PORT, such as 127.0.0.1:4785, or unix:PATH.")]
    [InlineData("vem", "--vsm http://x:1", "'http://x:1' is not an address; it is HOST:PORT, such as 127.0.0.1:4785, or unix:PATH.")]
    [InlineData("vem", "--socket /tmp/a234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789", "is too long; it has at most 107 bytes.")]
    [InlineData("vsm", "--socket /tmp/a234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789", "is too long; it has at most 107 bytes.")]
    [InlineData("vem", "--vsm nowhere", "'nowhere' is not an address; it is HOST:PORT, such as 127.0.0.1:4785, or unix:PATH.")]
    [InlineData("vsm", "--listen nowhere", "'nowhere'")]
    [InlineData("vem", "--uplink eth1", "'eth1' is not an uplink; it is IFNAME=PROFILE")]
    [InlineData("vem", "--cpus 0-", "'0-' is not a list of processors")]
    [InlineData("vem", "--state", "The option '--state' needs a value.")]
    [InlineData("vsm", "--state", "--state")]
    [InlineData("vsw", "/nowhere.cfg", "/nowhere.cfg")]
    public void OptionsThatAreWrong(string program, string arguments, string message)
    {
        ShellResult result = Shell.Try(Path.Combine(Programs.Root, "out", program), arguments.Split(' '));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal(VswExit.Usage, result.ExitCode);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("vsw", "--vsm unix:/nowhere/vsm.sock -c show", "No VSM answers at unix:/nowhere/vsm.sock (there is no such socket).")]
    [InlineData("vsw", "--vsm 127.0.0.1:9 -c show", "No VSM answers at 127.0.0.1:9 (connection refused).")]
    [InlineData("vemcmd", "--socket /nowhere/vem.sock show card", "No VEM answers at unix:/nowhere/vem.sock (there is no such socket).")]
    public void ServersThatAreNotThere(string program, string arguments, string message)
    {
        ShellResult result = Shell.Try(Path.Combine(Programs.Root, "out", program), arguments.Split(' '));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal(VswExit.Unreachable, result.ExitCode);
    }

    [Fact]
    public void TheWrongServer()
    {
        ShellResult vsw = Shell.Try(Programs.Vsw, "--vsm", $"unix:{Host.Socket}", "-c", "show version");
        Assert.Equal(VswExit.Unreachable, vsw.ExitCode);
        Assert.Contains("is not a VSM. Check the address.", vsw.Error, StringComparison.Ordinal);

        ShellResult vemcmd = Shell.Try(Programs.Vemcmd, "--socket", Lab.VsmSocket, "show", "card");
        Assert.Equal(VswExit.Unreachable, vemcmd.ExitCode);
        Assert.Contains("is not a VEM. Check the address.", vemcmd.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ANameThatTwoPortsHave()
    {
        string[] places = [_lab.First.Netns, _lab.Second.Netns];
        string[] names = [.. places.Select(place => Host.Vemcmd("attach", "tap", "twin0", "--netns", place, "--profile", "child", "--vm", $"twin-{place}").Trim())];
        ShellResult result = Host.TryVemcmd("detach", "twin0");
        Assert.Equal(VswExit.Refused, result.ExitCode);
        Assert.Contains("More than one port is called 'twin0': ", result.Error, StringComparison.Ordinal);
        Assert.All(places, place => Assert.Contains($"(twin0@{place})", result.Error, StringComparison.Ordinal));
        foreach (string place in places)
            Host.Vemcmd("detach", $"twin0@{place}");
        foreach (string name in names)
            Lab.WaitForDetached(name);
        Lab.Vsw(["configure terminal", .. names.Select(name => $"no interface {name}")]);
        AssertNothingChanged();
    }

    /// <summary>Half a line may be a whole command: VLAN 1 of VLAN 10. Nothing of such a file is run.</summary>
    [Fact]
    public void AScriptThatIsCutInHalf()
    {
        string file = Path.Combine(Lab.Folder, "half.cfg");
        File.WriteAllText(file, "configure terminal\nport-profile type vethernet child\n  switchport access vlan 1");
        ShellResult result = Shell.Try(Programs.Vsw, "--vsm", $"unix:{Lab.VsmSocket}", file);
        Assert.Equal(VswExit.Usage, result.ExitCode);
        Assert.Contains($"{file}:3: 'switchport access vlan 1' has no end of line, so the file may have been cut there.", result.Error, StringComparison.Ordinal);
        AssertNothingChanged();
    }

    /// <summary>The line is refused by its number; what was there before the script is as it was.</summary>
    [Fact]
    public void AScriptWithHalfACommand()
    {
        string file = Path.Combine(Lab.Folder, "half.cfg");
        File.WriteAllText(file, "configure terminal\nport-profile type vethernet child\n  switchport mode access\n  switchport acc\n");
        ShellResult result = Shell.Try(Programs.Vsw, "--vsm", $"unix:{Lab.VsmSocket}", file);
        Assert.Equal(VswExit.Refused, result.ExitCode);
        Assert.Contains($"{file}:4:   switchport acc\n", result.Error, StringComparison.Ordinal);
        Assert.Contains("% Incomplete command at '^' marker.", result.Error, StringComparison.Ordinal);

        // The line before it had been acknowledged; it is all that changed.
        Assert.Contains("switchport mode access", Lab.Vsw("show running-config port-profile child"), StringComparison.Ordinal);
        Lab.Configure("port-profile child\nno switchport mode");
        AssertNothingChanged();
    }

    [Fact]
    public void ASecondVemOnTheSameStateFolder()
    {
        ShellResult result = Shell.Try("ip", [.. Host.CommandLine, "--socket", Path.Combine(Lab.Folder, "second.sock")]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"Another VEM runs with the state folder {Host.State}. Give each VEM a --state folder of its own.", result.Error, StringComparison.Ordinal);
        AssertNothingChanged();
    }

    [Fact]
    public void ASecondVsmOnTheSameStateFolder()
    {
        ShellResult result = Shell.Try(Programs.Vsm, "--listen", $"unix:{Lab.Folder}/second.vems", "--socket", $"{Lab.Folder}/second.sock", "--state", Lab.VsmState);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("is in use by another vsm. Give each vsm a state directory of its own.", result.Error, StringComparison.Ordinal);
        AssertNothingChanged();
    }

    /// <summary>A second VEM, or VSM, must not take the socket of one that runs.</summary>
    [Fact]
    public void ASecondServerOnTheSameSocket()
    {
        ShellResult vem = Shell.Try("ip", [.. Host.CommandLine, "--state", Path.Combine(Lab.Folder, "other-vem")]);
        Assert.Equal(1, vem.ExitCode);
        Assert.Contains($"vem: Another server answers at unix:{Host.Socket}; each needs a socket of its own.", vem.Error, StringComparison.Ordinal);

        ShellResult vsm = Shell.Try(Programs.Vsm, "--listen", $"unix:{Lab.Folder}/second.vems", "--socket", Lab.VsmSocket, "--state", Path.Combine(Lab.Folder, "other-vsm"));
        Assert.Equal(1, vsm.ExitCode);
        Assert.Contains($"vsm: Another server answers at unix:{Lab.VsmSocket}; each needs a socket of its own.", vsm.Error, StringComparison.Ordinal);
        AssertNothingChanged();
    }

    private void AssertNothingChanged()
    {
        Assert.Equal(_configuration, ConfigurationText());
        Assert.Equal(_ports, Ports());
        Assert.True(_lab.First.CanPing(_lab.Second));
    }

    private string ConfigurationText() => Lab.Vsw("show running-config | exclude !Time");

    private string Ports() => Host.Vemcmd("show", "port");
}

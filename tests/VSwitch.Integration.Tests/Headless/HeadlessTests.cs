namespace VSwitch.Integration.Tests.Headless;

/// <summary>
/// Processes are killed with SIGKILL, in every combination. Traffic, learning and policy do not need the VSM, and whoever
/// comes back finds its way by itself.
/// </summary>
public sealed class HeadlessTests : LabTest
{
    private const string Configuration = """
        ip access-list no-telnet
          statistics per-entry
          10 deny tcp any any eq 23
          20 permit ip any any
        port-profile type ethernet uplink
          switchport mode trunk
          switchport trunk allowed vlan 10,20
          no shutdown
          state enabled
        port-profile type vethernet ten
          switchport mode access
          switchport access vlan 10
          ip port access-group no-telnet in
          no shutdown
          state enabled
        port-profile type vethernet twenty
          inherit port-profile ten
          switchport access vlan 20
          state enabled
        """;

    private readonly Endpoint _here;
    private readonly Endpoint _beside;
    private readonly Endpoint _alien;
    private readonly Endpoint _away;

    public HeadlessTests() : base(Laboratory.WithHosts(2, Configuration))
    {
        _here = Lab.AddEndpoint(Here, "here", "ten", "10.5.0.1/24");
        _beside = Lab.AddEndpoint(Here, "beside", "ten", "10.5.0.2/24");
        _alien = Lab.AddEndpoint(Here, "alien", "twenty", "10.5.0.3/24");
        _away = Lab.AddEndpoint(There, "away", "ten", "10.5.0.4/24");
        AssertPolicy();
    }

    private LabHost Here => Lab.Hosts[0];

    private LabHost There => Lab.Hosts[1];

    [Fact]
    public void WithoutItsVsmAVemForwardsLearnsFiltersAndAnswers()
    {
        string interfaces = Lab.Vsw("show interface virtual");
        using var stream = new NumberedStream(_here, _away);
        Lab.Vsm.Kill();
        Wait.Until(() => Here.IsHeadless && There.IsHeadless, "both VEMs to notice");

        AssertPolicy();
        AssertLearns();
        Assert.Contains(" FWD ", Here.ShowPort(_here), StringComparison.Ordinal);

        Lab.StartVsm();
        Here.WaitForVsm();
        There.WaitForVsm();
        WaitForSync();
        Assert.Equal(interfaces, Lab.Vsw("show interface virtual"));
        AssertPolicy();
        stream.AssertWhole();
    }

    [Fact]
    public void WithoutItsVsmAVemComesUpFromItsDisk()
    {
        string interfaces = Lab.Vsw("show interface virtual");
        Lab.Vsm.Kill();
        Here.Kill();
        Here.Start();

        Assert.True(Here.IsHeadless);
        _here.WaitForPing(_away);
        AssertPolicy();

        Lab.StartVsm();
        Here.WaitForVsm();
        There.WaitForVsm();
        WaitForSync();
        Assert.Equal(interfaces, Lab.Vsw("show interface virtual"));
        AssertPolicy();
    }

    [Fact]
    public void AVemThatWasKilledTakesItsPortsUpAgain()
    {
        string addresses = _here.Run("ip", "-o", "addr", "show", "dev", _here.Device);
        Here.Kill();
        Wait.Until(() => Lab.Vsw("show module vem mapping").Contains("absent", StringComparison.Ordinal), "the VSM to notice");
        Assert.Contains("nonParticipating", Lab.Vsw("show interface brief"), StringComparison.Ordinal);
        Assert.True(_here.CannotPing(_away));

        Here.Start();
        Here.WaitForVsm();
        WaitForSync();
        _here.WaitForPing(_away);
        Assert.Equal(addresses, _here.Run("ip", "-o", "addr", "show", "dev", _here.Device));
        AssertPolicy();
    }

    /// <summary>SIGTERM is not SIGKILL: the VEM ends with 0, and the TAPs stay for the next.</summary>
    [Fact]
    public void AVemThatIsStoppedAndStartedKeepsItsPorts()
    {
        Assert.Equal(0, Here.Stop());
        Here.Start();
        Here.WaitForVsm();
        _here.WaitForPing(_away);
        AssertPolicy();

        Assert.Equal(0, Lab.Vsm.Stop());
        Lab.StartVsm();
        Here.WaitForVsm();
        WaitForSync();
    }

    [Fact]
    public void EverythingAtOnceComesBack()
    {
        string configuration = ConfigurationText();
        string interfaces = Lab.Vsw("show interface virtual");
        Lab.Vsm.Kill();
        Here.Kill();
        There.Kill();

        // The second host is first to reach the VSM: it keeps its module number all the same.
        Lab.StartVsm();
        There.Start();
        There.WaitForVsm();
        Here.Start();
        Here.WaitForVsm();
        WaitForSync();

        Assert.Equal(interfaces, Lab.Vsw("show interface virtual"));
        Assert.Equal(configuration, ConfigurationText());
        _here.WaitForPing(_away);
        AssertPolicy();
    }

    [Fact]
    public void ANewAttachmentWaitsForTheVsm()
    {
        Lab.Vsm.Kill();
        Wait.Until(() => Here.IsHeadless, "the VEM to notice");

        // A card that the VEM knows goes on with the policy that it had.
        Here.Detach(_beside);
        ShellResult known = Here.TryAttach(_beside, "ten");
        Assert.Equal((VswExit.Done, _beside.Interface), (known.ExitCode, known.Output.Trim()));
        Assert.Contains("runs with the policy that it had before", known.Error, StringComparison.Ordinal);
        _beside.SetUp();
        _here.WaitForPing(_beside);

        // One that it does not know stays blocked, and says why.
        Endpoint late = Lab.NewEndpoint("late", "10.5.0.9/24");
        ShellResult attached = Here.TryAttach(late, "ten");
        Assert.Equal((VswExit.Done, ""), (attached.ExitCode, attached.Output));
        Assert.Contains("No VSM answers", attached.Error, StringComparison.Ordinal);
        Assert.Contains("stays blocked until the VSM has numbered it", attached.Error, StringComparison.Ordinal);
        late.SetUp();
        Assert.Contains("not numbered by a VSM", Here.ShowPort(late), StringComparison.Ordinal);
        Assert.True(late.CannotPing(_here));

        Lab.StartVsm();
        Here.WaitForVsm();
        Here.WaitForForwarding(late);
        Assert.Contains("late", Lab.Vsw("show interface virtual"), StringComparison.Ordinal);
        late.WaitForPing(_here);
        _here.WaitForPing(_beside);
    }

    /// <summary>VLANs and access list are as configured, on one host and across.</summary>
    private void AssertPolicy()
    {
        Assert.True(_here.CanPing(_beside));
        Assert.True(_here.CanPing(_away));
        Assert.True(_here.CannotPing(_alien));
        Assert.True(_here.CannotConnect(_beside, 23));
        Assert.True(_away.CanConnect(_here, 24));
    }

    /// <summary>A new source address is learnt behind its port.</summary>
    private void AssertLearns()
    {
        const string source = "02:00:00:00:be:ef";
        using var wire = new Wire(_here);
        wire.Send(Ether.Frame(Ether.Broadcast, source, 1));
        Wait.Until(() => Here.Vemcmd("show", "l2", "all").Contains(source, StringComparison.Ordinal), () => Here.Vemcmd("show", "l2", "all"));
    }

    /// <summary>Until the VSM knows by the hashes that every VEM runs what it should.</summary>
    private void WaitForSync()
    {
        Wait.Until(() => Lab.Vsw("show port-profile sync-status").StartsWith("All ", StringComparison.Ordinal), () => Lab.Vsw("show port-profile sync-status"));
        Assert.Equal(2, Lab.Vsw("show module vem mapping").Split("powered-up").Length - 1);
    }

    private string ConfigurationText() => Lab.Vsw("show running-config | exclude !Time");
}

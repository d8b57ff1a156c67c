namespace VSwitch.Integration.Tests.Lifetimes;

/// <summary>Ports come and go all the time; nobody else notices.</summary>
public sealed class ChurnTests : LabTest
{
    private const int RoundCount = 15;
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

    public ChurnTests() : base(Laboratory.WithHosts(2, Configuration))
    {
    }

    [Fact]
    public void AttachingAndDetachingLosesNoFrameOfOtherPorts()
    {
        (LabHost here, LabHost there) = (Lab.Hosts[0], Lab.Hosts[1]);
        Endpoint first = Lab.AddEndpoint(here, "first", "ten", "10.10.0.1/24");
        Endpoint second = Lab.AddEndpoint(here, "second", "ten", "10.10.0.2/24");
        Endpoint away = Lab.AddEndpoint(there, "away", "ten", "10.10.0.3/24");
        Endpoint passing = Lab.NewEndpoint("passing", "10.10.0.9/24");
        first.WaitForPing(away);
        using var besides = new NumberedStream(first, second);
        using var across = new NumberedStream(away, first);

        // From host to host and back, under traffic of its own.
        var names = new HashSet<string>();
        for (int round = 0; round < RoundCount; round++)
        {
            LabHost host = Lab.Hosts[round % 2];
            host.Attach(passing, "ten");
            passing.SetUp();
            names.Add(passing.Interface);
            passing.WaitForPing(first);
            host.Detach(passing);
            Lab.WaitForDetached(passing.Interface);
        }

        Assert.Single(names);
        besides.AssertWhole();
        across.AssertWhole();
        Assert.True(here.Vem.IsRunning && there.Vem.IsRunning);
    }

    /// <summary>The VSM is killed while commands come in: those that it acknowledged are there when it is back.</summary>
    [Fact]
    public void WhatTheVsmAcknowledgedSurvivesItsDeath()
    {
        for (int round = 0; round < 3; round++)
        {
            var acknowledged = new List<int>();
            using var started = new ManualResetEventSlim();
            var killer = new Thread(() =>
            {
                started.Wait();
                Thread.Sleep(Random.Shared.Next(100, 600));
                Lab.Vsm.Kill();
            });
            killer.Start();
            for (int vlan = 100 * (round + 1); ; vlan++)
            {
                ShellResult result = Lab.TryVsw("configure terminal", $"vlan {vlan}", $"name acknowledged-{vlan}");
                if (result.ExitCode != VswExit.Done)
                    break;
                acknowledged.Add(vlan);
                started.Set();
            }
            killer.Join();

            Lab.StartVsm();
            string vlans = Lab.Vsw("show vlan brief");
            Assert.All(acknowledged, vlan => Assert.Contains($"acknowledged-{vlan} ", vlans, StringComparison.Ordinal));
        }
    }
}

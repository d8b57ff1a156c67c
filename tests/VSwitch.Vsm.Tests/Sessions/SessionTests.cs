using VSwitch.Protocol;

namespace VSwitch.Vsm.Tests;

public sealed class SessionTests
{
    internal static readonly string[] Profiles =
    [
        "port-profile type vethernet web", "switchport access vlan 10", "no shutdown", "state enabled",
        "port-profile type vethernet db", "switchport access vlan 20", "no shutdown", "state enabled",
    ];

    [Fact]
    public async Task AVemGetsAModuleAndItsState()
    {
        await using TestVsm vsm = await TestVsm.StartAsync(Profiles);
        await using FakeVem vem = await FakeVem.ConnectAsync(vsm);

        StateUpdate update = await vem.UpdateAsync();

        Assert.Equal(3u, vem.Module);
        Assert.True(update.Full);
        Assert.Equal("1,10,20", vem.State.Settings.ActiveVlans);
        Assert.Equal(300u, vem.State.Settings.MacAgeingSeconds);
        Assert.Contains("vem 3\n  host id 00000000-0000-0000-0000-000000000001\n", vsm.Configuration.CurrentText);
    }

    [Fact]
    public async Task ModulesAreNumberedInOrderOfFirstContactAndRemembered()
    {
        await using TestVsm vsm = await TestVsm.StartAsync();
        await using (FakeVem first = await FakeVem.ConnectAsync(vsm, FakeVem.Hello(1)))
        await using (FakeVem second = await FakeVem.ConnectAsync(vsm, FakeVem.Hello(2)))
            Assert.Equal((3u, 4u), (first.Module, second.Module));

        await vsm.StopAsync();
        await vsm.StartAgainAsync();

        await using FakeVem again = await FakeVem.ConnectAsync(vsm, FakeVem.Hello(2));
        Assert.Equal(4u, again.Module);
    }

    [Fact]
    public async Task AnAttachmentBecomesAVethThatFollowsItsProfile()
    {
        await using TestVsm vsm = await TestVsm.StartAsync(Profiles);
        await using FakeVem vem = await FakeVem.ConnectAsync(vsm);

        AttachResult result = await vem.AttachAsync(FakeVem.Tap("vm1", "web"));
        ToldPort port = await vem.PortAsync("Vethernet1", port => port.AdminUp);

        Assert.Equal(("Vethernet1", ""), (result.Interface, result.Error));
        Assert.Equal((10u, "web", "vm1", 1u), (port.AccessVlan, port.Profile, port.Vm, port.Adapter));
        Assert.EndsWith(
            "interface Vethernet1\n  inherit port-profile web\n  description vm1, Network Adapter 1\n  owner vm vm1 adapter 1\n",
            vsm.Configuration.CurrentText);

        vsm.Configure("port-profile web", "switchport access vlan 30");
        Assert.Equal(30u, (await vem.PortAsync("Vethernet1", port => port.AccessVlan == 30)).AccessVlan);
    }

    [Fact]
    public async Task AnInterfaceWithWordsOfItsOwnHasAPolicyOfItsOwn()
    {
        await using TestVsm vsm = await TestVsm.StartAsync(Profiles);
        await using FakeVem vem = await FakeVem.ConnectAsync(vsm);
        await vem.AttachAsync(FakeVem.Tap("vm1", "web"));
        await vem.AttachAsync(FakeVem.Tap("vm2", "web"));
        Assert.Equal("vethernet web", (await vem.PortAsync("Vethernet2", port => port.AdminUp)).Policy.Name);

        vsm.Configure("interface vethernet 2", "switchport access vlan 30");
        Assert.Equal("Vethernet2", (await vem.PortAsync("Vethernet2", port => port.AccessVlan == 30)).Policy.Name);
        Assert.Equal(10u, (await vem.PortAsync("Vethernet1", _ => true)).AccessVlan);

        vsm.Configure("interface vethernet 2", "no switchport access vlan");
        Assert.Equal("vethernet web", (await vem.PortAsync("Vethernet2", port => port.AccessVlan == 10)).Policy.Name);
        Assert.Equal(["vethernet web"], vem.State.Policies.Select(policy => policy.Name));
    }

    [Fact]
    public async Task AProfileEditTouchesNoOtherPort()
    {
        await using TestVsm vsm = await TestVsm.StartAsync(Profiles);
        await using FakeVem vem = await FakeVem.ConnectAsync(vsm);
        await vem.AttachAsync(FakeVem.Tap("vm1", "web"));
        await vem.AttachAsync(FakeVem.Tap("vm2", "db"));
        await vem.PortAsync("Vethernet2", port => port.AdminUp);

        vsm.Configure("port-profile web", "shutdown");
        StateUpdate update = await NextUpdate(vem, update => update.Policies.Any(policy => !policy.AdminUp));

        Assert.False(update.Full);
        Assert.Equal(["vethernet web"], update.Policies.Select(policy => policy.Name));
        Assert.Empty(update.Ports);
        Assert.Null(update.Settings);
        Assert.Empty(update.RemovedPorts);
    }

    [Fact]
    public async Task AVethIsTheCardsWhereverItGoes()
    {
        await using TestVsm vsm = await TestVsm.StartAsync(Profiles);
        await using FakeVem first = await FakeVem.ConnectAsync(vsm, FakeVem.Hello(1));
        await using FakeVem second = await FakeVem.ConnectAsync(vsm, FakeVem.Hello(2));
        Attachment card = FakeVem.Tap("vm1", "web");
        await first.AttachAsync(card);
        Assert.Equal("Vethernet2", (await first.AttachAsync(FakeVem.Tap("vm1", "web", adapter: 2))).Interface);

        Assert.Equal(
            "vm1, Network Adapter 1 is attached already, as Vethernet1 on module 3 (host1) by tap tap-vm1-1",
            (await second.AttachAsync(FakeVem.Tap("vm1", "web"))).Error);

        await first.DetachAsync(card);
        await WaitUntil(() => !vsm.Supervisor.Modules.Find(3)!.Ports.ContainsKey(Policy.InterfaceId.Vethernet(1)));
        Assert.Equal("Vethernet1", (await second.AttachAsync(FakeVem.Tap("vm1", "web"))).Interface);
    }

    [Fact]
    public async Task AnAddressThatTwoCardsHaveIsSaid()
    {
        await using TestVsm vsm = await TestVsm.StartAsync(Profiles);
        await using FakeVem vem = await FakeVem.ConnectAsync(vsm);
        Attachment first = FakeVem.Tap("vm1", "web"), second = FakeVem.Tap("vm2", "web");
        second.Mac = first.Mac = "02:00:00:00:00:01";

        Assert.Equal("", (await vem.AttachAsync(first)).Notice);
        AttachResult result = await vem.AttachAsync(second);
        Assert.Equal(
            ("Vethernet2", "02:00:00:00:00:01 is the address of vm1, Network Adapter 1 too; the two cannot work in one VLAN. Give one of them another --mac."),
            (result.Interface, result.Notice));
    }

    [Fact]
    public async Task ACardTakesAVethThatWasPreparedForItsProfile()
    {
        await using TestVsm vsm = await TestVsm.StartAsync(
            [.. Profiles, "interface vethernet 7", "inherit port-profile web", "interface vethernet 5", "inherit port-profile db"]);
        await using FakeVem vem = await FakeVem.ConnectAsync(vsm);

        Assert.Equal("Vethernet7", (await vem.AttachAsync(FakeVem.Tap("vm1", "web"))).Interface);
        Assert.Equal("Vethernet1", (await vem.AttachAsync(FakeVem.Tap("vm2", "web"))).Interface);
    }

    [Theory]
    [InlineData("wab", "port-profile wab does not exist; did you mean web?")]
    [InlineData("uplink", "port-profile uplink is of type ethernet; a vEth takes one of type vethernet")]
    [InlineData("off", "port-profile off is disabled; enable it with \"port-profile off\", \"state enabled\"")]
    [InlineData("", "a port-profile is needed (--profile)")]
    public async Task AnAttachmentThatCannotBeIsRefusedWithTheReason(string profile, string error)
    {
        await using TestVsm vsm = await TestVsm.StartAsync([.. Profiles, "port-profile type ethernet uplink", "port-profile off"]);
        await using FakeVem vem = await FakeVem.ConnectAsync(vsm);

        AttachResult result = await vem.AttachAsync(FakeVem.Tap("vm1", profile));

        Assert.Equal(("", error), (result.Interface, result.Error));
        Assert.DoesNotContain("interface Vethernet", vsm.Configuration.CurrentText);
    }

    [Fact]
    public async Task AProfileTakesNoMorePortsThanItHasRoomFor()
    {
        await using TestVsm vsm = await TestVsm.StartAsync([.. Profiles, "port-profile web", "max-ports 1"]);
        await using FakeVem vem = await FakeVem.ConnectAsync(vsm);

        Assert.Equal("", (await vem.AttachAsync(FakeVem.Tap("vm1", "web"))).Error);
        Assert.StartsWith("port-profile web has its 1 ports already (max-ports)", (await vem.AttachAsync(FakeVem.Tap("vm2", "web"))).Error);
    }

    [Fact]
    public async Task AnUplinkWaitsForItsProfile()
    {
        await using TestVsm vsm = await TestVsm.StartAsync();
        Hello hello = FakeVem.Hello();
        hello.Attachments.Add(FakeVem.Uplink("uplink"));
        await using FakeVem vem = await FakeVem.ConnectAsync(vsm, hello);
        Assert.Equal("Ethernet3/1", (await vem.HearAsync(VsmMessage.BodyOneofCase.AttachResult)).AttachResult.Interface);

        ToldPort waiting = await vem.PortAsync("Ethernet3/1", _ => true);
        Assert.Equal((false, "quarantine: port-profile uplink does not exist"), (waiting.AdminUp, waiting.BlockedReason));

        vsm.Configure("port-profile type ethernet uplink", "switchport mode trunk", "no shutdown");
        await vem.PortAsync("Ethernet3/1", port => port.BlockedReason == "quarantine: port-profile uplink is disabled");

        vsm.Configure("port-profile uplink", "state enabled");
        await vem.PortAsync("Ethernet3/1", port => port is { AdminUp: true, Trunk: true, BlockedReason: "" });
        Assert.Contains("interface Ethernet3/1\n  inherit port-profile uplink\n", vsm.Configuration.CurrentText);
    }

    [Fact]
    public async Task AnUplinkWithoutItsProfileStaysDown()
    {
        await using TestVsm vsm = await TestVsm.StartAsync(
            "port-profile type ethernet uplink", "no shutdown", "state enabled", "port-profile type vethernet other");
        Hello hello = FakeVem.Hello();
        hello.Attachments.Add(FakeVem.Uplink("uplink"));
        hello.Attachments.Add(FakeVem.Uplink("other", number: 2));
        await using FakeVem vem = await FakeVem.ConnectAsync(vsm, hello);

        await vem.PortAsync("Ethernet3/1", port => port.AdminUp);
        await vem.PortAsync("Ethernet3/2", port => port.BlockedReason == "quarantine: port-profile other is of type vethernet");
        vsm.Configure("interface ethernet 3/1", "no inherit port-profile");
        await vem.PortAsync("Ethernet3/1", port => port is { AdminUp: false, BlockedReason: "quarantine: no port-profile" });
    }

    /// <summary>A VEM is started again with another profile for the same netdev, or another netdev in its place.</summary>
    [Theory]
    [InlineData("narrow", true, "")]
    [InlineData("none", false, "quarantine: port-profile none does not exist")]
    [InlineData("other", false, "quarantine: port-profile other is of type vethernet")]
    public async Task AnUplinkAskedForAnewHasTheProfileAskedFor(string profile, bool adminUp, string reason)
    {
        await using TestVsm vsm = await TestVsm.StartAsync(
            "port-profile type ethernet wide", "no shutdown", "state enabled", "port-profile type ethernet narrow", "no shutdown", "state enabled",
            "port-profile type vethernet other");
        Hello hello = FakeVem.Hello();
        hello.Attachments.Add(FakeVem.Uplink("wide"));
        await using (FakeVem vem = await FakeVem.ConnectAsync(vsm, hello))
            await vem.PortAsync("Ethernet3/1", port => port is { AdminUp: true, Policy.Name: "ethernet wide" });

        hello.Attachments[0].Profile = profile;
        hello.Attachments[0].Anew = true;
        await using (FakeVem again = await FakeVem.ConnectAsync(vsm, hello))
        {
            ToldPort port = await again.PortAsync("Ethernet3/1", port => port.Policy.Name == "ethernet " + profile);
            Assert.Equal((adminUp, reason), (port.AdminUp, port.BlockedReason));
        }

        // What an operator said since is not undone by a VEM that merely connects again.
        vsm.Configure("interface ethernet 3/1", "inherit port-profile wide");
        hello.Attachments[0].Anew = false;
        await using FakeVem last = await FakeVem.ConnectAsync(vsm, hello);
        await last.PortAsync("Ethernet3/1", port => port is { AdminUp: true, Policy.Name: "ethernet wide" });
    }

    /// <summary>A VEM that kept going while its supervisor forgot everything gets its ports back as they are configured again.</summary>
    [Fact]
    public async Task WhatCouldNotBeAttachedAtFirstIsTriedAgain()
    {
        await using TestVsm vsm = await TestVsm.StartAsync();
        Hello hello = FakeVem.Hello();
        Attachment card = FakeVem.Tap("vm1", "web");
        card.Interface = "Vethernet7";
        hello.Attachments.Add(card);
        hello.Module = 9;
        await using FakeVem vem = await FakeVem.ConnectAsync(vsm, hello);
        Assert.Equal(9u, vem.Module);
        Assert.Equal("port-profile web does not exist", (await vem.HearAsync(VsmMessage.BodyOneofCase.AttachResult)).AttachResult.Error);

        vsm.Configure(Profiles);

        Assert.Equal("Vethernet7", (await vem.HearAsync(VsmMessage.BodyOneofCase.AttachResult)).AttachResult.Interface);
        await vem.PortAsync("Vethernet7", port => port.AdminUp);
    }

    [Fact]
    public async Task ReconnectingKeepsTheProfileAndAttachingSetsIt()
    {
        await using TestVsm vsm = await TestVsm.StartAsync(Profiles);
        Hello hello = FakeVem.Hello();
        Attachment card = FakeVem.Tap("vm1", "web");
        hello.Attachments.Add(card);
        await using FakeVem vem = await FakeVem.ConnectAsync(vsm, hello);
        vsm.Configure("interface vethernet 1", "inherit port-profile db");

        await using FakeVem again = await FakeVem.ConnectAsync(vsm, hello);
        await again.PortAsync("Vethernet1", port => port.Profile == "db");

        await again.DetachAsync(card);
        await again.AttachAsync(FakeVem.Tap("vm1", "web"));
        await again.PortAsync("Vethernet1", port => port.Profile == "web");
    }

    /// <summary>The name of a VM becomes part of the configuration's text, and must be read back from there.</summary>
    [Fact]
    public async Task OddNamesOfVmsAreKeptOrRefused()
    {
        await using TestVsm vsm = await TestVsm.StartAsync(Profiles);
        await using (FakeVem vem = await FakeVem.ConnectAsync(vsm))
        {
            var random = new Random(1);
            const string letters = "ab -|!?#\u0027\\.,\u00e9\u4eee\u00a0\u2028\u0085\t\u0022";
            for (int i = 0; i < 200; i++)
            {
                string name = new([.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => letters[random.Next(letters.Length)])]);
                await vem.AttachAsync(FakeVem.Tap(name, "web", adapter: (uint)i + 1));
            }

            foreach (string name in new[] { "!", "no", "exit", "end", "adapter", "x  y", "a | include b" })
                Assert.Equal("", (await vem.AttachAsync(FakeVem.Tap(name, "web"))).Error);
        }

        string before = vsm.Configuration.CurrentText;
        await vsm.StopAsync();
        await vsm.StartAgainAsync();
        Assert.Equal(before, vsm.Configuration.CurrentText);
    }

    [Fact]
    public async Task ASecondVemWithTheSameIdentityIsRefused()
    {
        await using TestVsm vsm = await TestVsm.StartAsync();
        await using FakeVem first = await FakeVem.ConnectAsync(vsm);
        await using FakeVem second = FakeVem.Dial(vsm);

        await second.SayAsync(new VemMessage { Hello = FakeVem.Hello() });
        Refused refused = (await second.HearAsync(VsmMessage.BodyOneofCase.Refused)).Refused;
        await second.EndAsync();

        Assert.StartsWith("a VEM with host id 00000000-0000-0000-0000-000000000001 is connected already, as module 3 (host1) from ", refused.Reason);
        Assert.True(refused.IdentityTaken);
        Assert.True(vsm.Supervisor.Modules.Find(3)!.IsConnected);
    }

    [Fact]
    public async Task TheSameProcessTakesItsSessionOver()
    {
        await using TestVsm vsm = await TestVsm.StartAsync();
        Hello hello = FakeVem.Hello();
        await using FakeVem first = await FakeVem.ConnectAsync(vsm, hello);
        await using FakeVem again = await FakeVem.ConnectAsync(vsm, hello);

        Assert.Equal(3u, again.Module);
        await first.EndAsync();
        vsm.Configure("mac address-table aging-time 600");
        await again.UpdateAsync();
        Assert.True(vsm.Supervisor.Modules.Find(3)!.IsConnected);
    }

    [Fact]
    public async Task GarbageEndsAtMostTheSessionThatItCameFrom()
    {
        await using TestVsm vsm = await TestVsm.StartAsync(Profiles);
        await using FakeVem vem = await FakeVem.ConnectAsync(vsm);
        await vem.UpdateAsync();

        VemMessage[] garbage =
        [
            new(),
            new() { Attach = new AttachReport() },
            new() { Detach = new DetachReport { Id = "no such" } },
            new() { Link = new LinkReport { Id = "no such", Up = true } },
            new() { Ack = new Ack { Epoch = 77 } },
            new() { Nack = new Nack { Epoch = 77, WantsFull = true } },
            new() { Answer = new Answer { Question = 99 } },
            new() { Heartbeat = new Heartbeat() },
        ];
        foreach (VemMessage message in garbage)
            await vem.SayAsync(message);
        Attachment[] bad =
        [
            new(), new() { Id = "x" }, new() { Id = "x", Uplink = true }, new() { Id = "x", Uplink = true, UplinkNumber = uint.MaxValue },
            new() { Id = "x", Vm = "a\nb", Adapter = 1, Profile = "web" }, new() { Id = "x", Vm = "a\"b", Adapter = 1, Profile = "web" },
            new() { Id = "x", Vm = new string('v', 500), Adapter = 1 }, new() { Id = "x", Vm = "vm", Adapter = uint.MaxValue, Profile = "web" },
        ];
        foreach (Attachment attachment in bad)
            Assert.NotEqual("", (await vem.AttachAsync(attachment)).Error);

        Assert.Equal("Vethernet1", (await vem.AttachAsync(FakeVem.Tap("vm1", "web"))).Interface);
        await vem.SayAsync(new VemMessage { Hello = FakeVem.Hello() });
        Assert.Equal("hello was said already", (await vem.HearAsync(VsmMessage.BodyOneofCase.Refused)).Refused.Reason);
        await vem.EndAsync();
    }

    [Theory]
    [InlineData("", "the host id is not a UUID")]
    [InlineData("../../etc/passwd", "the host id is not a UUID")]
    public async Task AHelloThatMakesNoSenseIsRefused(string hostId, string reason)
    {
        await using TestVsm vsm = await TestVsm.StartAsync();
        await using FakeVem vem = FakeVem.Dial(vsm);
        Hello hello = FakeVem.Hello();
        hello.HostId = hostId;

        await vem.SayAsync(new VemMessage { Hello = hello });

        Assert.Equal(reason, (await vem.HearAsync(VsmMessage.BodyOneofCase.Refused)).Refused.Reason);
    }

    [Fact]
    public async Task TheFirstMessageMustBeHello()
    {
        await using TestVsm vsm = await TestVsm.StartAsync();
        await using FakeVem vem = FakeVem.Dial(vsm);

        await vem.SayAsync(new VemMessage { Heartbeat = new Heartbeat() });

        Assert.Equal("the first message must be hello", (await vem.HearAsync(VsmMessage.BodyOneofCase.Refused)).Refused.Reason);
    }

    [Fact]
    public async Task AModuleWhoseStreamIsGoneIsOutOfTouch()
    {
        await using TestVsm vsm = await TestVsm.StartAsync(Profiles);
        await using (FakeVem vem = await FakeVem.ConnectAsync(vsm))
            await vem.AttachAsync(FakeVem.Tap("vm1", "web"));

        await WaitUntil(() => !vsm.Supervisor.Modules.Find(3)!.IsConnected);
        Assert.Contains("interface Vethernet1", vsm.Configuration.CurrentText);
    }

    private static async Task<StateUpdate> NextUpdate(FakeVem vem, Func<StateUpdate, bool> isIt)
    {
        StateUpdate update;
        do
        {
            update = await vem.UpdateAsync();
        }
        while (!isIt(update));
        return update;
    }

    private static async Task WaitUntil(Func<bool> isSo)
    {
        while (!isSo())
            await Task.Delay(10, TestContext.Current.CancellationToken);
    }
}

using VSwitch.Protocol;

namespace VSwitch.Vsm.Tests;

public sealed class ManagementServiceTests
{
    private const string NoAnswer = "% No answer";
    private const int TriesMax = 10;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Such as a full table of addresses: 65,536 lines.</summary>
    [Fact]
    public async Task AnAnswerMayBeLong()
    {
        await using TestVsm vsm = await TestVsm.StartAsync();
        await using FakeVem vem = await FakeVem.ConnectAsync(vsm);
        string table = new('x', 8 * 1024 * 1024);
        vem.AnswerQuestion = _ => new Answer { Command = new CommandResult { Ok = true, Output = table } };

        // A busy machine may need longer than a VEM has for its answer.
        string said = NoAnswer;
        for (int tries = 0; tries < TriesMax && said.StartsWith(NoAnswer, StringComparison.Ordinal); tries++)
            said = await Task.Run(() => vsm.User().Must("module vem 3 execute show l2 all"));

        Assert.Equal(table + "\n", said);
    }

    [Fact]
    public async Task TheServiceIsReachedOverTheSocket()
    {
        await using TestVsm vsm = await TestVsm.StartAsync();
        var client = new Protocol.Management.ManagementClient(vsm.Channel);

        ExecuteResponse response = await client.ExecuteAsync(new ExecuteRequest { Line = "configure terminal" }, cancellationToken: Cancel);
        ExecuteResponse wrong = await client.ExecuteAsync(new ExecuteRequest { Session = response.Session, Line = "vlan 5000" }, cancellationToken: Cancel);
        CompleteResponse completion = await client.CompleteAsync(new HelpRequest { Session = response.Session, Line = "sw" }, cancellationToken: Cancel);
        HelpResponse help = await client.HelpAsync(new HelpRequest { Session = response.Session, Line = "mac address-table " }, cancellationToken: Cancel);

        Assert.Equal((true, "switch(config)# ", false), (response.Ok, response.Prompt, response.Closed));
        Assert.Equal((false, "% Invalid number, range is (1-3967,4048-4093) at '^' marker.", 5), (wrong.Ok, wrong.Error, wrong.ErrorColumn));
        Assert.Equal(("switchname", response.Session), (completion.Replacement, wrong.Session));
        Assert.Equal(("  aging-time  Time that a learned address stays without traffic\n", response.Prompt), (help.Text, help.Prompt));
    }

    [Fact]
    public async Task LeavingExecModeClosesTheSession()
    {
        await using TestVsm vsm = await TestVsm.StartAsync();
        TestUser user = vsm.User();

        Assert.True(user.Say("exit").Closed);
    }

    [Fact]
    public async Task CompletionKnowsNames()
    {
        await using TestVsm vsm = await TestVsm.StartAsync("port-profile webservers", "port-profile dbservers");
        var client = new Protocol.Management.ManagementClient(vsm.Channel);

        CompleteResponse completion = await client.CompleteAsync(new HelpRequest { Line = "show port-profile name web" }, cancellationToken: Cancel);

        Assert.Equal(["webservers"], completion.Candidates);
    }

    [Theory]
    [InlineData("ve", "Vethernet|Vethernet7")]
    [InlineData("Vethernet7", "Vethernet7")]
    [InlineData("e", "Ethernet")]
    [InlineData("po", "")]
    public async Task CompletionKnowsInterfaces(string typed, string candidates)
    {
        await using TestVsm vsm = await TestVsm.StartAsync("interface vethernet 7");
        var client = new Protocol.Management.ManagementClient(vsm.Channel);

        CompleteResponse completion = await client.CompleteAsync(new HelpRequest { Line = "show running-config interface " + typed }, cancellationToken: Cancel);

        Assert.Equal(candidates, string.Join('|', completion.Candidates));
    }

    /// <summary>A session's text comes from outside. Whatever it is, the answer is a refusal and nothing changes.</summary>
    [Theory]
    [InlineData("garbage")]
    [InlineData("switch\nexec - \nconfig config \nconfig-if config-if nonsense")]
    [InlineData("switch\nexec - \nconfig config \nconfig-vlan config-vlan 99999")]
    [InlineData("switch\nexec - \nconfig config \nconfig-vem-slot config-vem-slot x")]
    [InlineData("switch\nexec - \nconfig config \nconfig-port-prof config-port-prof nothing")]
    [InlineData("switch\nexec - \nconfig config \nconfig-acl config-acl nothing")]
    [InlineData("switch\nconfig config \nexec - ")]
    [InlineData("\n\n\n\0\n")]
    public async Task ASessionThatIsNotOursChangesNothing(string session)
    {
        await using TestVsm vsm = await TestVsm.StartAsync();
        var client = new Protocol.Management.ManagementClient(vsm.Channel);
        string before = vsm.Configuration.CurrentText;

        foreach (string line in new[] { "shutdown", "name x", "host id 80c34566-7e89-b601-b4f9-001a64dc9054", "mtu 9000", "permit ip any any", "no 10" })
            Assert.False((await client.ExecuteAsync(new ExecuteRequest { Session = session, Line = line }, cancellationToken: Cancel)).Ok);
        await client.HelpAsync(new HelpRequest { Session = session, Line = "s" }, cancellationToken: Cancel);
        await client.CompleteAsync(new HelpRequest { Session = session, Line = "s" }, cancellationToken: Cancel);

        Assert.Equal(before, vsm.Configuration.CurrentText);
    }

    [Fact]
    public async Task ChangesFromManySessionsAllHappen()
    {
        await using TestVsm vsm = await TestVsm.StartAsync();

        await Parallel.ForEachAsync(Enumerable.Range(2, 40), Cancel, (vlan, _) =>
        {
            vsm.Configure($"vlan {vlan}", $"name net-{vlan}");
            return ValueTask.CompletedTask;
        });

        Assert.Equal(41, vsm.Configuration.Current.Vlans.Count);
        Assert.All(vsm.Configuration.Current.Vlans.Values.Skip(1), vlan => Assert.Equal($"net-{vlan.Id}", vlan.Name));
    }
}

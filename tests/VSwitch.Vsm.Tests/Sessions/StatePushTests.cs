using VSwitch.Protocol;

namespace VSwitch.Vsm.Tests;

/// <summary>What a VEM is sent of its state, and when.</summary>
public sealed class StatePushTests
{
    /// <summary>The VSM remembers what the VEM runs, or has started again and sees by the hash that it is what it should be.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AVemThatRunsWhatItShouldIsSentNothing(bool vsmRestarts)
    {
        await using TestVsm vsm = await TestVsm.StartAsync(SessionTests.Profiles);
        Hello hello = FakeVem.Hello();
        Attachment card = FakeVem.Tap("vm1", "web");
        VemState state;
        await using (FakeVem vem = await FakeVem.ConnectAsync(vsm, hello))
        {
            await vem.AttachAsync(card);
            await vem.PortAsync("Vethernet1", port => port.AdminUp);
            await vsm.InSyncAsync();
            state = vem.State;
        }

        while (vsm.Supervisor.Modules.Find(3)!.IsConnected)
            await Task.Delay(5, TestContext.Current.CancellationToken);
        if (vsmRestarts)
        {
            await vsm.StopAsync();
            await vsm.StartAgainAsync();
        }

        Hello again = hello.Clone();
        again.Epoch = state.Epoch;
        again.Hash = StateHash.Of(state);
        card.Interface = "Vethernet1";
        again.Attachments.Add(card);
        await using FakeVem back = await FakeVem.ConnectAsync(vsm, again, state);
        Assert.Equal("Vethernet1", (await back.HearAsync(VsmMessage.BodyOneofCase.AttachResult)).AttachResult.Interface);
        await vsm.InSyncAsync();

        // The next thing it hears of its state is a delta from what it ran all along.
        vsm.Configure("port-profile web", "switchport access vlan 40");
        StateUpdate update = await back.UpdateAsync();
        Assert.Equal((false, state.Epoch), (update.Full, update.BaseEpoch));
        Assert.Equal(40u, (await back.PortAsync("Vethernet1", _ => true)).AccessVlan);
    }

    [Fact]
    public async Task ADeltaThatDoesNotFitIsFollowedByAFullState()
    {
        await using TestVsm vsm = await TestVsm.StartAsync(SessionTests.Profiles);
        await using FakeVem vem = await FakeVem.ConnectAsync(vsm);
        await vem.UpdateAsync();

        bool refused = false;
        vem.Answer = update =>
        {
            vem.Answer = null;
            refused = true;
            return new VemMessage { Nack = new Nack { Epoch = update.Epoch, WantsFull = true, Reason = "lost" } };
        };
        vsm.Configure("mac address-table aging-time 600");
        StateUpdate delta = await vem.UpdateAsync();
        StateUpdate full = await vem.UpdateAsync();

        Assert.True(refused);
        Assert.Equal((false, true), (delta.Full, full.Full));
        Assert.Equal(600u, vem.State.Settings.MacAgeingSeconds);
    }

    [Fact]
    public async Task ChangesMadeWhileTheVemIsBusyComeTogether()
    {
        await using TestVsm vsm = await TestVsm.StartAsync(SessionTests.Profiles);
        await using FakeVem vem = await FakeVem.ConnectAsync(vsm);
        await vem.UpdateAsync();

        StateUpdate? held = null;
        vem.Answer = update =>
        {
            held = update;
            return null;
        };
        vsm.Configure("mac address-table aging-time 600");
        await vem.UpdateAsync();
        for (int seconds = 601; seconds <= 700; seconds++)
        {
            vsm.Configure($"mac address-table aging-time {seconds}");
            await vem.SayAsync(new VemMessage { Heartbeat = new Heartbeat() });
        }

        Assert.False(vem.HasUpdate);

        vem.Answer = null;
        await vem.SayAsync(new VemMessage { Nack = new Nack { Epoch = held!.Epoch, Reason = "busy" } });
        await vem.UpdateAsync();
        Assert.Equal(700u, vem.State.Settings.MacAgeingSeconds);
    }
}

namespace VSwitch.Protocol.Tests;

public sealed class StateUpdatesTests
{
    [Fact]
    public void AFullUpdateMakesItsState()
    {
        VemState target = States.Random(1, epoch: 7);

        Assert.Equal(target, StateUpdates.Apply(States.Random(2, epoch: 3), StateUpdates.Full(target)));
    }

    [Fact]
    public void ADeltaLeadsFromOneStateToTheOther()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            VemState from = States.Random(seed, epoch: 3);
            VemState to = States.Random(seed + 1, epoch: 4);

            Assert.Equal(to, StateUpdates.Apply(from, StateUpdates.Between(from, to)));
        }
    }

    [Fact]
    public void ADeltaNamesOnlyWhatDiffers()
    {
        VemState from = States.Of(States.Port("Vethernet1", 10), States.Port("Vethernet2", 10), States.Port("Vethernet3", 10));
        VemState to = States.Of(States.Port("Vethernet1", 10), States.Port("Vethernet2", 20), States.Port("Vethernet4", 10));

        StateUpdate update = StateUpdates.Between(from, to);

        Assert.Equal(["Vethernet2", "Vethernet4"], update.Ports.Select(port => port.Interface));
        Assert.Equal(["Vethernet3"], update.RemovedPorts);
        Assert.Null(update.Settings);
        Assert.Empty(update.AccessLists);
        Assert.Empty(update.RemovedAccessLists);
        Assert.Empty(update.Policies);
        Assert.Empty(update.RemovedPolicies);
    }

    [Fact]
    public void AnEditOfAPolicyNamesNoPort()
    {
        VemState from = States.Of(States.Port("Vethernet1", 1), States.Port("Vethernet2", 1));
        from.Policies.Add(States.Policy("vethernet web", 10));
        VemState to = from.Clone();
        to.Policies[0].AccessVlan = 20;

        StateUpdate update = StateUpdates.Between(from, to);

        Assert.Equal([20u], update.Policies.Select(policy => policy.AccessVlan));
        Assert.Empty(update.Ports);
        VemState after = StateUpdates.Apply(from, update)!;
        Assert.Equal(to, after);
        Assert.All(from.Ports.Zip(after.Ports), ports => Assert.Same(ports.First, ports.Second));
    }

    /// <summary>What a VEM throws away while traffic passes costs a pause of the traffic: the port messages alone are 250 KB.</summary>
    [Fact]
    public void AnEditOfAThousandPortsMakesLittleGarbage()
    {
        const int portCount = 1000, bytesMax = 64 * 1024;
        VemState from = States.Of([.. Enumerable.Range(1, portCount).Select(number => States.Port($"Vethernet{number}", 1))]);
        from.Policies.Add(States.Policy("vethernet web", 10));
        VemState to = from.Clone();
        to.Policies[0].AccessVlan = 20;
        StateUpdate update = StateUpdates.Between(from, to);
        Assert.NotNull(StateUpdates.Apply(from, update));

        long before = GC.GetAllocatedBytesForCurrentThread();
        VemState? after = StateUpdates.Apply(from, update);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(portCount, after!.Ports.Count);
        Assert.InRange(bytes, 1, bytesMax);
    }

    [Fact]
    public void ADeltaWithAnotherBaseDoesNotFit()
    {
        VemState from = States.Random(1, epoch: 3);
        StateUpdate update = StateUpdates.Between(from, States.Random(2, epoch: 4));

        VemState other = from.Clone();
        other.Epoch = 2;
        Assert.Null(StateUpdates.Apply(other, update));
    }

    [Fact]
    public void AnUpdateWhoseHashDoesNotComeOutIsNotTaken()
    {
        VemState from = States.Of(States.Port("Vethernet1", 10));
        from.Epoch = 3;
        VemState to = States.Of(States.Port("Vethernet1", 20));
        to.Epoch = 4;
        StateUpdate update = StateUpdates.Between(from, to);

        update.Ports[0].Adapter = 30;
        Assert.Null(StateUpdates.Apply(from, update));
    }
}

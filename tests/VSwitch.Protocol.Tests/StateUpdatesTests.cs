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

        update.Ports[0].AccessVlan = 30;
        Assert.Null(StateUpdates.Apply(from, update));
    }
}

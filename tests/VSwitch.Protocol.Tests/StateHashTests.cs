using System.Security.Cryptography;

namespace VSwitch.Protocol.Tests;

public sealed class StateHashTests
{
    /// <summary>
    /// The bytes are written by hand after the rules of the wire format: a tag is the field's number times eight plus its
    /// wire type, 0 for a number and 2 for bytes with their length.
    /// </summary>
    [Fact]
    public void TheHashIsThatOfTheSerialisedState()
    {
        byte[] settings = [0x08, 0xAC, 0x02, 0x12, 0x01, (byte)'1']; // mac_ageing_seconds 300, active_vlans "1"
        byte[] a = [0x0A, 0x01, (byte)'a', 0x28, 0x0A]; // interface "a", adapter 10
        byte[] b = [0x0A, 0x01, (byte)'b', 0x32, 0x01, (byte)'p']; // interface "b", policy "p"
        byte[] p = [0x0A, 0x01, (byte)'p', 0x18, 0x0A, 0x30, 0x01]; // name "p", access_vlan 10, admin_up
        byte[] serialised = [0x12, (byte)settings.Length, .. settings, 0x1A, (byte)a.Length, .. a, 0x1A, (byte)b.Length, .. b, 0x2A, (byte)p.Length, .. p];

        var state = new VemState { Epoch = 99, Settings = new Settings { MacAgeingSeconds = 300, ActiveVlans = "1" } };
        state.Ports.Add(new PortState { Interface = "b", Policy = "p" });
        state.Ports.Add(new PortState { Interface = "a", Adapter = 10 });
        state.Policies.Add(new PolicyState { Name = "p", AccessVlan = 10, AdminUp = true });

        Assert.Equal(SHA256.HashData(serialised), StateHash.Of(state).ToByteArray());
    }

    [Fact]
    public void OrderAndEpochDoNotCount()
    {
        VemState state = States.Random(1, epoch: 3);
        VemState shuffled = state.Clone();
        shuffled.Epoch = 4;
        shuffled.Ports.Clear();
        shuffled.Ports.AddRange(state.Ports.Reverse());
        shuffled.AccessLists.Clear();
        shuffled.AccessLists.AddRange(state.AccessLists.Reverse());
        shuffled.Policies.Clear();
        shuffled.Policies.AddRange(state.Policies.Reverse());

        Assert.Equal(StateHash.Of(state), StateHash.Of(shuffled));
        Assert.Equal(4u, shuffled.Epoch);
    }

    [Fact]
    public void EverythingElseCounts()
    {
        VemState state = States.Of(States.Port("Vethernet1", 10));
        VemState other = state.Clone();
        other.Policies.Add(States.Policy("vethernet web", 10));
        Assert.NotEqual(StateHash.Of(state), StateHash.Of(other));

        VemState blocked = other.Clone();
        blocked.Policies[0].BlockedReason = "inactive";
        Assert.NotEqual(StateHash.Of(other), StateHash.Of(blocked));
        Assert.Equal(StateHash.Bytes, StateHash.Of(state).Length);
    }
}

namespace VSwitch.Protocol.Tests;

/// <summary>States for tests, in the order of their hash.</summary>
internal static class States
{
    public static PortState Port(string name, uint adapter) => new() { Interface = name, Adapter = adapter, Policy = "vethernet web" };

    public static PolicyState Policy(string name, uint vlan) => new() { Name = name, AccessVlan = vlan, NativeVlan = 1, AllowedVlans = "1-4094", AdminUp = true };

    public static VemState Of(params PortState[] ports)
    {
        var state = new VemState { Settings = new Settings { MacAgeingSeconds = 300, ActiveVlans = "1,10" } };
        state.Ports.AddRange(ports);
        StateHash.Sort(state);
        return state;
    }

    public static VemState Random(int seed, ulong epoch)
    {
        var random = new Random(seed);
        var state = new VemState { Epoch = epoch, Settings = new Settings { MacAgeingSeconds = (uint)random.Next(2), ActiveVlans = "1" } };
        state.Ports.AddRange(Enumerable.Range(1, 12).Where(_ => random.Next(2) == 0).Select(number => Port($"Vethernet{number}", (uint)random.Next(1, 3))));
        foreach (int number in Enumerable.Range(1, 6).Where(_ => random.Next(2) == 0))
            state.AccessLists.Add(new AccessList { Name = $"list{number}", Entries = { new AccessListEntry { Sequence = (uint)random.Next(1, 3), Permit = true } } });
        state.Policies.AddRange(Enumerable.Range(1, 6).Where(_ => random.Next(2) == 0).Select(number => Policy($"vethernet p{number}", (uint)random.Next(1, 3))));
        StateHash.Sort(state);
        return state;
    }
}

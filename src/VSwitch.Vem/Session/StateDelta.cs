using VSwitch.Protocol;

namespace VSwitch.Vem;

/// <summary>What a state becomes by an update; a pure function.</summary>
public static class StateDelta
{
    /// <returns>The new state, or null when the update is a delta of another state than <paramref name="current"/>.</returns>
    public static VemState? Apply(VemState current, StateUpdate update)
    {
        if (!update.Full && update.BaseEpoch != current.Epoch)
            return null;

        var ports = new SortedDictionary<string, PortState>(StringComparer.Ordinal);
        var accessLists = new SortedDictionary<string, AccessList>(StringComparer.Ordinal);
        if (!update.Full)
        {
            foreach (PortState port in current.Ports)
                ports[port.Interface] = port;
            foreach (AccessList list in current.AccessLists)
                accessLists[list.Name] = list;
        }
        foreach (string name in update.RemovedPorts)
            ports.Remove(name);
        foreach (string name in update.RemovedAccessLists)
            accessLists.Remove(name);
        foreach (PortState port in update.Ports)
            ports[port.Interface] = port;
        foreach (AccessList list in update.AccessLists)
            accessLists[list.Name] = list;

        var state = new VemState { Epoch = update.Epoch, Settings = update.Settings ?? current.Settings };
        state.Ports.AddRange(ports.Values);
        state.AccessLists.AddRange(accessLists.Values);
        return state;
    }
}

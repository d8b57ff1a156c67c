using Google.Protobuf;
using Google.Protobuf.Collections;

namespace VSwitch.Protocol;

/// <summary>
/// Makes and applies changes of a VEM's state. A delta names only what differs, so that editing one profile leaves every
/// other port of the VEM alone and is one message, however many ports have it. <c>Apply(from, Between(from, to))</c> is <c>to</c>.
/// </summary>
public static class StateUpdates
{
    /// <summary>All of a state.</summary>
    public static StateUpdate Full(VemState target)
    {
        var update = new StateUpdate { Epoch = target.Epoch, Hash = StateHash.Of(target), Full = true, Settings = target.Settings };
        update.Ports.AddRange(target.Ports);
        update.AccessLists.AddRange(target.AccessLists);
        update.Policies.AddRange(target.Policies);
        return update;
    }

    /// <summary>What differs between two states.</summary>
    public static StateUpdate Between(VemState from, VemState to)
    {
        var update = new StateUpdate { Epoch = to.Epoch, Hash = StateHash.Of(to), BaseEpoch = from.Epoch };
        if (!Equals(from.Settings, to.Settings))
            update.Settings = to.Settings;
        Compare(from.Ports, to.Ports, port => port.Interface, update.Ports, update.RemovedPorts);
        Compare(from.AccessLists, to.AccessLists, list => list.Name, update.AccessLists, update.RemovedAccessLists);
        Compare(from.Policies, to.Policies, policy => policy.Name, update.Policies, update.RemovedPolicies);
        return update;
    }

    /// <summary>The state after an update.</summary>
    /// <returns>Null if the update is not for this state: a delta with another base, or a hash that the result does not have.</returns>
    public static VemState? Apply(VemState current, StateUpdate update)
    {
        if (!update.Full && update.BaseEpoch != current.Epoch)
            return null;

        var result = new VemState { Epoch = update.Epoch, Settings = update.Settings ?? (update.Full ? null : current.Settings) };
        Merge(update.Full ? [] : current.Ports, update.Ports, update.RemovedPorts, port => port.Interface, result.Ports);
        Merge(update.Full ? [] : current.AccessLists, update.AccessLists, update.RemovedAccessLists, list => list.Name, result.AccessLists);
        Merge(update.Full ? [] : current.Policies, update.Policies, update.RemovedPolicies, policy => policy.Name, result.Policies);
        StateHash.Sort(result);
        return StateHash.Of(result).Equals(update.Hash) ? result : null;
    }

    private static void Compare<T>(
        RepeatedField<T> from, RepeatedField<T> to, Func<T, string> key, RepeatedField<T> changed, RepeatedField<string> removed)
        where T : IMessage<T>
    {
        var before = from.ToDictionary(key, StringComparer.Ordinal);
        foreach (T item in to)
        {
            if (!before.Remove(key(item), out T? old) || !old.Equals(item))
                changed.Add(item);
        }

        removed.AddRange(before.Keys.Order(StringComparer.Ordinal));
    }

    private static void Merge<T>(
        IReadOnlyCollection<T> current, RepeatedField<T> changed, RepeatedField<string> removed, Func<T, string> key, RepeatedField<T> result)
    {
        if (changed.Count + removed.Count == 0)
        {
            result.AddRange(current);
            return;
        }
        var items = new Dictionary<string, T>(Math.Max(current.Count, changed.Count), StringComparer.Ordinal);
        foreach (T item in current)
            items[key(item)] = item;
        foreach (string name in removed)
            items.Remove(name);
        foreach (T item in changed)
            items[key(item)] = item;
        result.AddRange(items.Values);
    }
}

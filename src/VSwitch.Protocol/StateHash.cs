using System.Security.Cryptography;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace VSwitch.Protocol;

/// <summary>
/// The hash by which VSM and VEM know that they mean the same state: SHA-256 over the serialised state with ports ordered
/// by interface, access lists and policies by name, and epoch zero. The schema has no maps, so equal messages serialise to equal bytes
/// within one version of it; a VEM of another version gets a full state once and says its own hash from then on.
/// </summary>
public static class StateHash
{
    public const int Bytes = SHA256.HashSizeInBytes;

    /// <summary>The hash of a state, whatever the order of its parts.</summary>
    public static ByteString Of(VemState state)
    {
        var canonical = new VemState { Settings = state.Settings };
        canonical.Ports.AddRange(state.Ports);
        canonical.AccessLists.AddRange(state.AccessLists);
        canonical.Policies.AddRange(state.Policies);
        Sort(canonical);
        using var hash = new HashWriter();
        canonical.WriteTo(hash);
        return UnsafeByteOperations.UnsafeWrap(hash.Finish());
    }

    /// <summary>Puts ports, access lists and policies into their order.</summary>
    public static void Sort(VemState state)
    {
        Sort(state.Ports, port => port.Interface);
        Sort(state.AccessLists, list => list.Name);
        Sort(state.Policies, policy => policy.Name);
    }

    private static void Sort<T>(RepeatedField<T> items, Func<T, string> key)
    {
        if (IsSorted(items, key))
            return;
        T[] sorted = [.. items.OrderBy(key, StringComparer.Ordinal)];
        items.Clear();
        items.AddRange(sorted);
    }

    private static bool IsSorted<T>(RepeatedField<T> items, Func<T, string> key)
    {
        for (int i = 1; i < items.Count; i++)
        {
            if (string.CompareOrdinal(key(items[i - 1]), key(items[i])) > 0)
                return false;
        }
        return true;
    }
}

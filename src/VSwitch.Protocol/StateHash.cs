using System.Security.Cryptography;
using Google.Protobuf;

namespace VSwitch.Protocol;

/// <summary>
/// The hash by which VSM and VEM know that they mean the same state: SHA-256 over the serialised state with ports ordered
/// by interface, access lists by name, and epoch zero. The schema has no maps, so equal messages serialise to equal bytes
/// within one version of it; a VEM of another version gets a full state once and says its own hash from then on.
/// </summary>
public static class StateHash
{
    public const int Bytes = SHA256.HashSizeInBytes;

    /// <summary>The hash of a state, whatever the order of its parts.</summary>
    public static ByteString Of(VemState state)
    {
        VemState canonical = state.Clone();
        canonical.Epoch = 0;
        Sort(canonical);
        return ByteString.CopyFrom(SHA256.HashData(canonical.ToByteArray()));
    }

    /// <summary>Puts ports and access lists into their order.</summary>
    public static void Sort(VemState state)
    {
        Sort(state.Ports, port => port.Interface);
        Sort(state.AccessLists, list => list.Name);
    }

    private static void Sort<T>(Google.Protobuf.Collections.RepeatedField<T> items, Func<T, string> key)
    {
        T[] sorted = [.. items.OrderBy(key, StringComparer.Ordinal)];
        items.Clear();
        items.AddRange(sorted);
    }
}

using System.Runtime.CompilerServices;
using VSwitch.Wire;

namespace VSwitch.Policy;

/// <summary>
/// What access lists said about the flows that one worker saw lately: exact answers, found by everything that a list may ask
/// about a frame, and by the list.
///
/// Theory of operation. A flow has one slot, chosen by a hash, where the last answer for any of the flows that share it
/// stays. The whole key is compared, so a sender who makes hashes collide, or floods with ever new flows, makes others pay
/// for the classifier again and for nothing more. A second slot for each flow was measured: what it saves in collisions it
/// costs in mispredicted branches. A list that is compiled anew has a new identity: its old answers are never found and get
/// overwritten. Nothing is allocated or released. One worker uses it and no other.
/// </summary>
public sealed class FlowCache
{
    /// <summary>256 KB: within the second-level cache of a core, with room for what else a worker touches.</summary>
    private const int SlotCountBits = 13;

    private readonly Slot[] _slots = new Slot[1 << SlotCountBits];

    /// <summary>The same as <see cref="AccessListSnapshot.Match(ref readonly FrameHeaders)"/>, sooner.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Match(AccessListSnapshot list, ref readonly FrameHeaders headers)
    {
        if (headers.IpVersion != 4)
            return list.Match(in headers);
        FrameKey key = FrameKey.Of(in headers);
        ref Slot slot = ref _slots[SlotOf(list, headers.FlowHash, key)];
        return slot.Holds(list, key) ? slot.Entry : Classify(ref slot, list, key);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Classify(ref Slot slot, AccessListSnapshot list, FrameKey key)
    {
        int entry = list.Match(key);
        slot = new Slot(list.Id, key, entry);
        return entry;
    }

    /// <summary>The flow hash knows addresses, protocol and ports; the list and the other facts have to be mixed in.</summary>
    private static uint SlotOf(AccessListSnapshot list, uint flowHash, FrameKey key)
    {
        const ulong goldenRatio = 0x9E37_79B9_7F4A_7C15;
        ulong hash = (flowHash ^ (ulong)key.Facts << 32 ^ list.Id << 16) * goldenRatio;
        return (uint)(hash >> (64 - SlotCountBits));
    }

    /// <summary>An empty slot has the list 0, which no list is.</summary>
    private readonly struct Slot(ulong list, FrameKey key, int entry)
    {
        private readonly ulong _list = list;
        private readonly FrameKey _key = key;
        public readonly int Entry = entry;

        public bool Holds(AccessListSnapshot list, FrameKey key) => _key == key && _list == list.Id;
    }
}

using System.Runtime.CompilerServices;

namespace VSwitch.Frames;

/// <summary>One copy of a frame on its way out of one port: which frame, and the tag it leaves with.</summary>
public readonly struct SendEntry(int frameIndex, int tci)
{
    /// <summary>The TCI of a copy that leaves untagged.</summary>
    public const int Untagged = -1;

    /// <summary>Index of the frame in its batch.</summary>
    public readonly short FrameIndex = (short)frameIndex;

    /// <summary>The 802.1Q TCI (16 bits) of the one tag that the copy carries, or <see cref="Untagged"/>.</summary>
    public readonly int Tci = tci;

    public bool IsTagged => Tci >= 0;
}

/// <summary>The copies of a batch's frames that leave by one port, in order. A frame stands in it once at most.</summary>
public sealed class SendList
{
    private readonly SendEntry[] _entries = new SendEntry[FrameBatch.Capacity];

    public int Count { get; private set; }

    public ReadOnlySpan<SendEntry> Entries => _entries.AsSpan(0, Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int frameIndex, int tci) => _entries[Count++] = new SendEntry(frameIndex, tci);

    public void Clear() => Count = 0;

    /// <summary>Keeps the entries whose bit is set in <paramref name="keep"/> (bit n is entry n), in order.</summary>
    public void Keep(ulong keep)
    {
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            if ((keep >> i & 1) != 0)
                _entries[kept++] = _entries[i];
        }
        Count = kept;
    }
}

using System.Runtime.CompilerServices;
using VSwitch.Policy;
using VSwitch.Wire;

namespace VSwitch.Forwarding;

/// <summary>
/// A compiled access list and the places where its matches are counted. An entry that an edit leaves alone keeps its
/// place, so its count goes on.
/// </summary>
public sealed class BoundAccessList
{
    private readonly AccessListSnapshot _rules;
    private readonly int[] _cells;

    /// <param name="cells">One cell of <see cref="AccessListCounters"/> for each entry and one for the implicit deny.</param>
    public BoundAccessList(AccessListSnapshot rules, int[] cells)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cells.Length, rules.EntryCount + 1, nameof(cells));
        _rules = rules;
        _cells = cells;
    }

    public AccessListSnapshot Rules => _rules;

    /// <summary>The cell that counts an entry's matches.</summary>
    public int Cell(int entry) => _cells[entry];

    /// <summary>Decides about a frame and counts the entry that decided.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Permits(ref readonly FrameHeaders headers, AccessListCounters counters)
    {
        int entry = counters.Flows.Match(_rules, in headers);
        if (entry == AccessListSnapshot.NotIpv4)
            return true;
        counters.Count(_cells[entry]);
        return _rules.Permits(entry);
    }
}

/// <summary>
/// What one worker keeps for the access lists, and alone writes: the matches of entries, which anyone may read, and the
/// answers for the flows that it saw lately.
/// </summary>
public sealed class AccessListCounters
{
    /// <summary>Cells at most: 64 K entries and an implicit deny for each of up to 64 K lists.</summary>
    public const int CellCountMax = 128 * 1024;

    private readonly ulong[] _cells = new ulong[CellCountMax];

    internal FlowCache Flows { get; } = new();

    public ulong Read(int cell) => Volatile.Read(ref _cells[cell]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Count(int cell) => _cells[cell]++;
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VSwitch.Policy;

/// <summary>
/// For every value of one field the entries that may match it, as a row of bits, entry n in bit n.
///
/// The numbers from 0 to 2^32-1 are cut where the range of any entry starts or ends; values between two cuts share a row.
/// Beyond <see cref="RowCountMax"/> rows only every second cut, every third and so on is made: a row is then the union of
/// what its values match. The row of a value is found in a tree of the last values of the rows, sixteen to a node: on each
/// level it counts how many of a node's sixteen lie below the value.
/// </summary>
internal sealed class CandidateIndex
{
    /// <summary>Three levels of sixteen. A row has a bit for each entry, so an index takes at most 512 bytes for each of them.</summary>
    public const int RowCountMax = NodeSize * NodeSize * NodeSize;

    private const int NodeSize = 16;
    private const int EntriesPerChunk = 512;
    private const int WordsPerChunk = EntriesPerChunk / 64;

    /// <summary>The root first. Each level holds the last value of every group of sixteen of the next.</summary>
    private readonly Vector512<uint>[][] _levels;
    private readonly Vector512<ulong>[] _rows;
    private readonly int _chunkCount;

    public CandidateIndex(AccessEntry[] entries, Func<AccessEntry, FieldRange> rangeOf)
    {
        FieldRange[] ranges = [.. entries.Select(rangeOf)];
        uint[] lasts = LastValues(ranges);
        _chunkCount = (entries.Length + EntriesPerChunk - 1) / EntriesPerChunk;
        _levels = Levels(lasts);
        _rows = Rows(ranges, lasts, _chunkCount);
    }

    /// <summary>The candidates for a value, 512 entries to a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<Vector512<ulong>> Row(uint value)
    {
        int row = 0;
        foreach (Vector512<uint>[] level in _levels)
            row = row * NodeSize + BitOperations.PopCount(Vector512.LessThan(level[row], Vector512.Create(value)).ExtractMostSignificantBits());
        return _rows.AsSpan(row * _chunkCount, _chunkCount);
    }

    /// <summary>The last value of every row, ascending; the very last is the largest number.</summary>
    private static uint[] LastValues(FieldRange[] ranges)
    {
        var cuts = new SortedSet<uint>();
        foreach (FieldRange range in ranges.Where(range => !range.IsEmpty))
        {
            if (range.Low > 0)
                cuts.Add(range.Low - 1);
            if (range.High < uint.MaxValue)
                cuts.Add(range.High);
        }
        int step = (cuts.Count + RowCountMax) / RowCountMax;
        return [.. cuts.Where((_, cut) => cut % step == step - 1), uint.MaxValue];
    }

    private static Vector512<uint>[][] Levels(uint[] lasts)
    {
        var levels = new List<Vector512<uint>[]>();
        while (lasts.Length > 1)
        {
            uint[][] nodes = [.. lasts.Chunk(NodeSize)];
            levels.Insert(0, [.. nodes.Select(Node)]);
            lasts = [.. nodes.Select(node => node[^1])];
        }
        return [.. levels];
    }

    /// <summary>No value is above the largest number, so what pads a node counts for nothing.</summary>
    private static Vector512<uint> Node(uint[] lasts)
    {
        Span<uint> padded = stackalloc uint[NodeSize];
        padded.Fill(uint.MaxValue);
        lasts.CopyTo(padded);
        return Vector512.Create<uint>(padded);
    }

    /// <summary>Sweeps over the rows with the set of entries whose range has begun and not yet ended.</summary>
    private static Vector512<ulong>[] Rows(FieldRange[] ranges, uint[] lasts, int chunkCount)
    {
        ILookup<int, int> begins = EntriesByRow(ranges, lasts, range => range.Low);
        ILookup<int, int> ends = EntriesByRow(ranges, lasts, range => range.High);

        var rows = new Vector512<ulong>[lasts.Length * chunkCount];
        Span<ulong> words = MemoryMarshal.Cast<Vector512<ulong>, ulong>(rows.AsSpan());
        ulong[] open = new ulong[chunkCount * WordsPerChunk];
        for (int row = 0; row < lasts.Length; row++)
        {
            foreach (int entry in begins[row])
                open[entry / 64] |= 1UL << entry;
            open.CopyTo(words[(row * open.Length)..]);
            foreach (int entry in ends[row])
                open[entry / 64] &= ~(1UL << entry);
        }
        return rows;
    }

    private static ILookup<int, int> EntriesByRow(FieldRange[] ranges, uint[] lasts, Func<FieldRange, uint> edge) =>
        Enumerable.Range(0, ranges.Length).Where(entry => !ranges[entry].IsEmpty).ToLookup(entry => RowOf(edge(ranges[entry]), lasts));

    private static int RowOf(uint value, uint[] lasts)
    {
        int row = Array.BinarySearch(lasts, value);
        return row >= 0 ? row : ~row;
    }
}

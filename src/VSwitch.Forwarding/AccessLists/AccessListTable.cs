using VSwitch.Policy;

namespace VSwitch.Forwarding;

/// <summary>
/// The access lists of one switch, compiled and bound to counter cells. The control loop owns it. Clearing a counter
/// does not touch the workers' cells: the table remembers what was there and subtracts it.
/// </summary>
public sealed class AccessListTable
{
    /// <summary>Entries at most, one implicit deny for each list included: half the cells, since an edit needs both the old and the new.</summary>
    public const int EntryCountMax = AccessListCounters.CellCountMax / 2;

    private readonly Dictionary<string, BoundAccessList> _lists = new(StringComparer.Ordinal);
    private readonly Stack<int> _freeCells = new();
    private readonly Dictionary<int, ulong> _clearedAt = [];
    private int _cellCount;

    public IEnumerable<BoundAccessList> Lists => _lists.Values.OrderBy(list => list.Rules.Config.Name, StringComparer.Ordinal);

    /// <summary>The list of a name, or null: a name without a list permits everything.</summary>
    public BoundAccessList? Find(string? name) => name is not null && _lists.TryGetValue(name, out BoundAccessList? list) ? list : null;

    /// <summary>
    /// Replaces the lists by those of a new configuration. A list that is the same stays the same object.
    /// </summary>
    /// <param name="readCell">The sum of one cell over the workers.</param>
    /// <exception cref="InvalidOperationException">There are more entries than counter cells; nothing has changed.</exception>
    public void Replace(IReadOnlyCollection<AccessListConfig> configs, Func<int, ulong> readCell)
    {
        int needed = configs.Sum(config => config.Entries.Length + 1);
        if (needed > EntryCountMax)
            throw new InvalidOperationException($"The access lists have {needed} entries; at most {EntryCountMax} fit.");

        var names = configs.Select(config => config.Name).ToHashSet(StringComparer.Ordinal);
        foreach (string gone in _lists.Keys.Where(name => !names.Contains(name)).ToArray())
        {
            Free(_lists[gone], keep: []);
            _lists.Remove(gone);
        }
        foreach (AccessListConfig config in configs)
            Replace(config, readCell);
    }

    /// <summary>Matches of an entry since it was made or cleared.</summary>
    public ulong Matches(BoundAccessList list, int entry, Func<int, ulong> readCell)
    {
        int cell = list.Cell(entry);
        return readCell(cell) - _clearedAt.GetValueOrDefault(cell);
    }

    /// <summary>Starts the counts of one list, or of all, from zero.</summary>
    public void ClearCounters(string? name, Func<int, ulong> readCell)
    {
        foreach (BoundAccessList list in _lists.Values.Where(list => name is null || list.Rules.Config.Name == name))
        {
            for (int entry = 0; entry <= list.Rules.EntryCount; entry++)
                _clearedAt[list.Cell(entry)] = readCell(list.Cell(entry));
        }
    }

    private void Replace(AccessListConfig config, Func<int, ulong> readCell)
    {
        BoundAccessList? old = Find(config.Name);
        if (old is not null && Same(old.Rules.Config, config))
            return;

        AccessListSnapshot rules = AccessListSnapshot.Compile(config);
        Dictionary<AccessEntry, int> oldCells = CellsByRule(old);
        int[] cells = new int[rules.EntryCount + 1];
        for (int entry = 0; entry < rules.EntryCount; entry++)
            cells[entry] = oldCells.Remove(Rule(rules.Entry(entry)), out int cell) ? cell : TakeCell(readCell);
        cells[^1] = old is not null ? old.Cell(old.Rules.EntryCount) : TakeCell(readCell);
        if (old is not null)
            Free(old, [.. cells]);
        _lists[config.Name] = new BoundAccessList(rules, cells);
    }

    private static bool Same(AccessListConfig a, AccessListConfig b) =>
        a.StatisticsPerEntry == b.StatisticsPerEntry && a.Entries.SequenceEqual(b.Entries);

    /// <summary>What an entry says, whatever its number: a list that is numbered anew goes on counting.</summary>
    private static AccessEntry Rule(AccessEntry entry) => entry with { Sequence = 0 };

    private static Dictionary<AccessEntry, int> CellsByRule(BoundAccessList? list)
    {
        var cells = new Dictionary<AccessEntry, int>();
        for (int entry = 0; entry < (list?.Rules.EntryCount ?? 0); entry++)
            cells[Rule(list!.Rules.Entry(entry))] = list.Cell(entry);
        return cells;
    }

    /// <summary>A cell that starts at zero, whatever it counted before.</summary>
    private int TakeCell(Func<int, ulong> readCell)
    {
        if (!_freeCells.TryPop(out int cell))
            return _cellCount++;
        _clearedAt[cell] = readCell(cell);
        return cell;
    }

    private void Free(BoundAccessList list, HashSet<int> keep)
    {
        for (int entry = 0; entry <= list.Rules.EntryCount; entry++)
        {
            if (!keep.Contains(list.Cell(entry)))
                _freeCells.Push(list.Cell(entry));
        }
    }
}

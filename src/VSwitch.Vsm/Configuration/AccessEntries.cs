using System.Collections.Immutable;
using VSwitch.Policy;

namespace VSwitch.Vsm;

/// <summary>Edits the entries of an access list. An entry with sequence 0 has not been given one yet.</summary>
public static class AccessEntries
{
    private const uint Step = 10;

    /// <summary>
    /// Adds an entry: at its sequence number, in place of what stands there, or behind the last one at the next multiple of
    /// ten.
    /// </summary>
    /// <exception cref="RefusedException">The same rule stands elsewhere, or there is no number left.</exception>
    public static AccessListConfig Put(AccessListConfig list, AccessEntry entry)
    {
        AccessEntry numbered = entry.Sequence == 0 ? entry with { Sequence = NextSequence(list) } : entry;
        if (list.Entries.FirstOrDefault(other => other.Sequence != numbered.Sequence && SameRule(other, numbered)) is { } same)
            throw new RefusedException($"access list {list.Name} has this rule already, as entry {same.Sequence}");
        return list with
        {
            Entries = [.. list.Entries.Where(other => other.Sequence != numbered.Sequence).Append(numbered).OrderBy(other => other.Sequence)],
        };
    }

    /// <exception cref="RefusedException">There is no such entry.</exception>
    public static AccessListConfig Remove(AccessListConfig list, uint sequence) =>
        list.Entries.Any(entry => entry.Sequence == sequence)
            ? list with { Entries = list.Entries.RemoveAll(entry => entry.Sequence == sequence) }
            : throw new RefusedException($"access list {list.Name} has no entry {sequence}");

    /// <summary>Removes the entry that says the same, whatever its number, or if one is given with that number.</summary>
    /// <exception cref="RefusedException">There is no such entry.</exception>
    public static AccessListConfig Remove(AccessListConfig list, AccessEntry rule) =>
        list.Entries.FirstOrDefault(entry => SameRule(entry, rule) && (rule.Sequence == 0 || rule.Sequence == entry.Sequence)) is { } found
            ? Remove(list, found.Sequence)
            : throw new RefusedException($"access list {list.Name} has no such entry");

    /// <exception cref="RefusedException">The last entry would get a number that is too great.</exception>
    public static AccessListConfig Resequence(AccessListConfig list, long start, long step) =>
        start + step * Math.Max(0, list.Entries.Length - 1) > uint.MaxValue
            ? throw new RefusedException("the last entry would get a sequence number beyond 4294967295")
            : list with { Entries = [.. list.Entries.Select((entry, index) => entry with { Sequence = (uint)(start + step * index) })] };

    private static uint NextSequence(AccessListConfig list)
    {
        uint last = list.Entries.IsEmpty ? 0 : list.Entries[^1].Sequence;
        return last <= uint.MaxValue - Step
            ? (last / Step + 1) * Step
            : throw new RefusedException($"access list {list.Name} has no sequence number left behind {last}; resequence it");
    }

    private static bool SameRule(AccessEntry left, AccessEntry right) => left with { Sequence = 0 } == right with { Sequence = 0 };
}

using System.Collections;
using System.Collections.Immutable;
using System.Globalization;

namespace VSwitch.Commands;

/// <summary>
/// A set of numbers kept as ranges in order, written <c>1-10,20</c>. Immutable, with value equality.
/// </summary>
public sealed class NumberSet : IEquatable<NumberSet>, IEnumerable<int>
{
    public static readonly NumberSet Empty = new([]);

    private NumberSet(ImmutableArray<(int First, int Last)> ranges) => Ranges = ranges;

    /// <summary>The ranges in rising order; they neither touch nor overlap.</summary>
    public ImmutableArray<(int First, int Last)> Ranges { get; }

    public bool IsEmpty => Ranges.IsEmpty;

    public int Count => Ranges.Sum(range => range.Last - range.First + 1);

    public static NumberSet Of(params IEnumerable<int> numbers) => OfRanges(numbers.Select(number => (number, number)));

    public static NumberSet OfRanges(params IEnumerable<(int First, int Last)> ranges)
    {
        var joined = new List<(int First, int Last)>();
        foreach (var range in ranges.Where(range => range.First <= range.Last).Order())
        {
            if (joined.Count > 0 && range.First <= (long)joined[^1].Last + 1)
                joined[^1] = (joined[^1].First, Math.Max(joined[^1].Last, range.Last));
            else
                joined.Add(range);
        }
        return new NumberSet([.. joined]);
    }

    /// <summary>Reads <c>1-10,20</c>; false if the text is not of that form or a range runs backwards.</summary>
    public static bool TryParse(string text, out NumberSet set)
    {
        set = Empty;
        var ranges = new List<(int, int)>();
        foreach (var part in text.Split(','))
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            var (from, to) = dash < 0 ? (part, part) : (part[..dash], part[(dash + 1)..]);
            if (!int.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                || !int.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out var last) || first > last)
                return false;
            ranges.Add((first, last));
        }
        set = OfRanges(ranges);
        return true;
    }

    public bool Contains(int number) => Ranges.Any(range => number >= range.First && number <= range.Last);

    public NumberSet Union(NumberSet other) => OfRanges(Ranges.Concat(other.Ranges));

    public NumberSet Except(NumberSet other) =>
        other.Ranges.Aggregate(this, (left, hole) => OfRanges(left.Ranges.SelectMany(range => Without(range, hole))));

    public bool Equals(NumberSet? other) => other is not null && Ranges.SequenceEqual(other.Ranges);

    public override bool Equals(object? obj) => Equals(obj as NumberSet);

    public override int GetHashCode() => Ranges.Aggregate(0, HashCode.Combine);

    public IEnumerator<int> GetEnumerator() =>
        Ranges.SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => string.Join(',',
        Ranges.Select(range => range.First == range.Last ? $"{range.First}" : $"{range.First}-{range.Last}"));

    private static IEnumerable<(int, int)> Without((int First, int Last) range, (int First, int Last) hole)
    {
        if (range.First < hole.First)
            yield return (range.First, Math.Min(range.Last, hole.First - 1));
        if (range.Last > hole.Last)
            yield return (Math.Max(range.First, hole.Last + 1), range.Last);
    }
}

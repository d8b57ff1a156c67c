using System.Numerics;

namespace VSwitch.Wire;

/// <summary>
/// An immutable set of VLAN ids 1 to 4094 (IEEE 802.1Q-2022 table 9-2 reserves 0 and 4095), one bit each: the VLANs that a
/// trunk allows, the system VLANs of a profile. Configuration builds them with <see cref="Add"/> and <see cref="Remove"/>;
/// a snapshot shares them with the data path, where <see cref="Contains"/> is one load and one bit test.
/// </summary>
public sealed class VlanSet : IEquatable<VlanSet>
{
    public const int VlanMin = 1;
    public const int VlanMax = 4094;

    private const int WordCount = 4096 / 64;

    private static readonly VlanSet?[] Singles = new VlanSet?[VlanMax + 1];

    private readonly ulong[] _words;

    private VlanSet(ulong[] words) => _words = words;

    public static VlanSet Empty { get; } = new(new ulong[WordCount]);

    public static VlanSet All { get; } = FromRanges(new VlanRange(VlanMin, VlanMax));

    public bool IsEmpty => Equals(Empty);

    public int Count
    {
        get
        {
            int count = 0;
            foreach (ulong word in _words)
                count += BitOperations.PopCount(word);
            return count;
        }
    }

    /// <summary>False for every id outside 1 to 4094, so callers need not check what a frame says.</summary>
    public bool Contains(int vlan) =>
        (uint)vlan >> 6 < (uint)_words.Length && (_words[(uint)vlan >> 6] >> vlan & 1) != 0;

    /// <exception cref="ArgumentOutOfRangeException">A range leaves 1 to 4094 or ends before it starts.</exception>
    public static VlanSet FromRanges(params ReadOnlySpan<VlanRange> ranges)
    {
        var words = new ulong[WordCount];
        foreach (VlanRange range in ranges)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(range.First, VlanMin, nameof(ranges));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(range.Last, VlanMax, nameof(ranges));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(range.First, range.Last, nameof(ranges));
            for (int word = range.First >> 6; word <= range.Last >> 6; word++)
            {
                int low = Math.Max(range.First - (word << 6), 0), high = Math.Min(range.Last - (word << 6), 63);
                words[word] |= ulong.MaxValue << low & ulong.MaxValue >> 63 - high;
            }
        }

        return new VlanSet(words);
    }

    /// <summary>The set of one VLAN; always the same one, for a thousand access ports have it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in 1 to 4094.</exception>
    public static VlanSet Of(int vlan)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vlan, VlanMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(vlan, VlanMax);
        return Singles[vlan] ??= FromRanges(new VlanRange(vlan, vlan));
    }

    /// <summary>`switchport trunk allowed vlan add`: the VLANs in either set.</summary>
    public VlanSet Add(VlanSet other) => Combine(other, static (mine, theirs) => mine | theirs);

    /// <summary>`switchport trunk allowed vlan remove`: the VLANs of this set that are not in the other.</summary>
    public VlanSet Remove(VlanSet other) => Combine(other, static (mine, theirs) => mine & ~theirs);

    /// <summary>The VLANs in both sets.</summary>
    public VlanSet Intersect(VlanSet other) => Combine(other, static (mine, theirs) => mine & theirs);

    /// <summary>`switchport trunk allowed vlan except`: every VLAN but these.</summary>
    public static VlanSet AllExcept(VlanSet excluded) => All.Remove(excluded);

    public bool IsSubsetOf(VlanSet other) => Remove(other).IsEmpty;

    /// <summary>The ids in ascending order as the fewest runs.</summary>
    public IEnumerable<VlanRange> Ranges()
    {
        int vlan = VlanMin;
        while (vlan <= VlanMax)
        {
            int first = vlan;
            while (Contains(vlan))
                vlan++;
            if (vlan > first)
                yield return new VlanRange(first, vlan - 1);
            vlan++;
        }
    }

    /// <summary>
    /// Accepts what NX-OS does: numbers and ranges joined by commas (1-3,10,20-30, in any order, overlaps allowed), `all`
    /// and `none`. Blanks are the command line's business and refused here.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out VlanSet vlans)
    {
        vlans = text is "all" ? All : Empty;
        if (text is "all" or "none")
            return true;

        var ranges = new List<VlanRange>();
        foreach (Range part in text.Split(','))
        {
            if (!VlanRange.TryParse(text[part], out VlanRange range))
                return false;
            ranges.Add(range);
        }

        vlans = ranges is [{ First: VlanMin, Last: VlanMax }] ? All : FromRanges([.. ranges]);
        return true;
    }

    /// <exception cref="FormatException">The text is not a VLAN list.</exception>
    public static VlanSet Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out VlanSet vlans) ? vlans : throw new FormatException($"'{text}' is not a list of VLANs (1-4094).");

    /// <summary>
    /// As NX-OS prints it: 1-3,10,20-30, or `none`; two neighbours print as 1-2. <see cref="Parse"/> reads it back.
    /// </summary>
    public override string ToString() => IsEmpty ? "none" : string.Join(',', Ranges());

    public bool Equals(VlanSet? other) => other is not null && _words.AsSpan().SequenceEqual(other._words);

    public override bool Equals(object? obj) => Equals(obj as VlanSet);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (ulong word in _words)
            hash.Add(word);
        return hash.ToHashCode();
    }

    private VlanSet Combine(VlanSet other, Func<ulong, ulong, ulong> combine)
    {
        var words = new ulong[WordCount];
        for (int i = 0; i < WordCount; i++)
            words[i] = combine(_words[i], other._words[i]);
        return new VlanSet(words);
    }
}

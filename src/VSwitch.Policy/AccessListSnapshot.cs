using VSwitch.Wire;

namespace VSwitch.Policy;

/// <summary>
/// A compiled IPv4 access list: which entry decides about a frame. Entries are numbered from zero in the order in which
/// they are tried, remarks left out; the implicit deny at the end is entry <see cref="EntryCount"/>. Immutable.
/// <see cref="AccessEntryRules"/> says plainly what an entry matches, <see cref="Classifier"/> how it is found,
/// <see cref="FlowCache"/> how it is remembered.
/// </summary>
public sealed class AccessListSnapshot
{
    /// <summary>The answer for a frame that an IPv4 access list says nothing about.</summary>
    public const int NotIpv4 = -1;

    private static ulong _lastId;

    private readonly AccessEntry[] _entries;
    private readonly bool[] _permits;
    private readonly Classifier _classifier;

    private AccessListSnapshot(AccessListConfig config)
    {
        Config = config;
        Id = Interlocked.Increment(ref _lastId);
        _entries = [.. config.Entries.Where(entry => entry.Remark is null)];
        _permits = [.. _entries.Select(entry => entry.Action == AccessAction.Permit), false];
        _classifier = new Classifier(_entries);
    }

    public AccessListConfig Config { get; }

    /// <summary>Entries that match frames, without the implicit deny.</summary>
    public int EntryCount => _entries.Length;

    /// <summary>Tells this list from every other that this process has compiled; never 0.</summary>
    internal ulong Id { get; }

    public static AccessListSnapshot Compile(AccessListConfig config) => new(config);

    /// <summary>The entry that decides about a frame, <see cref="EntryCount"/> for the implicit deny, or <see cref="NotIpv4"/>.</summary>
    public int Match(ref readonly FrameHeaders headers)
    {
        if (headers.IpVersion != 4)
            return headers.Has(ParseFlags.Ipv4Malformed) ? EntryCount : NotIpv4;
        return _classifier.Match(FrameKey.Of(in headers));
    }

    public bool Permits(int entry) => entry == NotIpv4 || _permits[entry];

    public AccessEntry Entry(int entry) => _entries[entry];

    internal int Match(FrameKey key) => _classifier.Match(key);
}

using System.Numerics;
using System.Runtime.Intrinsics;

namespace VSwitch.Policy;

/// <summary>
/// Finds the first entry of an access list that matches a frame.
///
/// Theory of operation. Two ideas, one that makes it exact and one that makes it fast.
///
/// Exact: an <see cref="EntryBlock"/> holds sixteen entries as vectors and compares a frame with all of them at once, masks
/// with holes, port ranges and the fragment rule included. A short list is just its blocks, tried in order.
///
/// Fast: a longer list also has a <see cref="CandidateIndex"/> for each address and each port. It maps a value to a row of
/// bits, one for each entry, set if the entry may match that value. The rows of a frame's four fields and-ed together leave
/// few candidates, usually none or one, and only the blocks that hold a candidate are tried. A bit may be set in vain, since
/// the block decides; it must never be missing. So an index is free to be coarse: it ignores what follows a hole in a mask,
/// takes `neq` for any port, and merges rows when there are too many, which bounds its memory and the time to build it.
/// Entries are tried in order, and the first block with a match ends the search.
///
/// The cost is a walk down three levels for each field, 64 bytes of each row for every 512 entries, and a block or two. In the worst
/// case, a list whose masks begin with a hole, every block is tried: a sixteenth of the work of trying every entry.
/// Frames without a header after IP (later fragments, cut short) skip the port indexes.
///
/// Immutable, and the same entries always compile to the same classifier.
/// </summary>
internal sealed class Classifier
{
    /// <summary>Up to here, trying the blocks costs less than asking the indexes (ClassifierBenchmarks).</summary>
    private const int UnindexedBlockCountMax = 4;

    private const int BlocksPerChunk = 32;

    private readonly EntryBlock[] _blocks;
    private readonly int _entryCount;
    private readonly CandidateIndexes? _indexes;

    public Classifier(AccessEntry[] entries)
    {
        _blocks = [.. entries.Chunk(EntryBlock.EntryCount).Select(block => new EntryBlock(block))];
        _entryCount = entries.Length;
        _indexes = _blocks.Length > UnindexedBlockCountMax ? new CandidateIndexes(entries) : null;
    }

    /// <summary>The first entry that matches, or the number of entries if none does.</summary>
    public int Match(FrameKey key) => _indexes is null ? MatchAny(key) : MatchCandidates(key, _indexes);

    private int MatchAny(FrameKey key)
    {
        for (int block = 0; block < _blocks.Length; block++)
        {
            uint matches = _blocks[block].Match(key);
            if (matches != 0)
                return First(block, matches);
        }
        return _entryCount;
    }

    private int MatchCandidates(FrameKey key, CandidateIndexes indexes)
    {
        ReadOnlySpan<Vector512<ulong>> sources = indexes.Sources.Row(key.Source);
        ReadOnlySpan<Vector512<ulong>> destinations = indexes.Destinations.Row(key.Destination);
        ReadOnlySpan<Vector512<ulong>> sourcePorts = indexes.SourcePorts.Row(key.SourcePort);
        ReadOnlySpan<Vector512<ulong>> destinationPorts = indexes.DestinationPorts.Row(key.DestinationPort);
        for (int chunk = 0; chunk < sources.Length; chunk++)
        {
            Vector512<ulong> candidates = sources[chunk] & destinations[chunk];
            if (key.HasL4)
                candidates &= sourcePorts[chunk] & destinationPorts[chunk];
            for (uint rest = BlocksOf(candidates); rest != 0; rest &= rest - 1)
            {
                int block = chunk * BlocksPerChunk + BitOperations.TrailingZeroCount(rest);
                uint matches = _blocks[block].Match(key);
                if (matches != 0)
                    return First(block, matches);
            }
        }
        return _entryCount;
    }

    /// <summary>The blocks of a chunk that hold candidates: sixteen bits of a row are one block.</summary>
    private static uint BlocksOf(Vector512<ulong> candidates) =>
        ~(uint)Vector512.Equals(candidates.AsUInt16(), Vector512<ushort>.Zero).ExtractMostSignificantBits();

    private static int First(int block, uint matches) => block * EntryBlock.EntryCount + BitOperations.TrailingZeroCount(matches);

    /// <summary>An index for each field that entries name ranges of.</summary>
    private sealed class CandidateIndexes(AccessEntry[] entries)
    {
        public readonly CandidateIndex Sources = new(entries, entry => FieldRange.Of(entry.Source));
        public readonly CandidateIndex Destinations = new(entries, entry => FieldRange.Of(entry.Destination));
        public readonly CandidateIndex SourcePorts = new(entries, entry => FieldRange.Of(entry.SourcePort));
        public readonly CandidateIndex DestinationPorts = new(entries, entry => FieldRange.Of(entry.DestinationPort));
    }
}

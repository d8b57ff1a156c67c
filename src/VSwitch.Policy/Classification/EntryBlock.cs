using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VSwitch.Wire;

namespace VSwitch.Policy;

/// <summary>
/// Sixteen consecutive entries of an access list, side by side: lane n of every vector belongs to entry n. One test
/// compares a frame with all of them, exactly, in some twenty instructions without a branch.
///
/// An address or a fact differs where it is unlike the wanted value under the mask. A port is in a range if port - low,
/// modulo 65536, does not exceed high - low; `neq` is the range that starts behind the port and ends before it. The
/// fragment rule of <see cref="AccessEntryRules"/> becomes facts: an entry that asks for the header after IP wants, if it
/// denies, that there is one, and if it permits, that it is not cut short.
/// </summary>
internal readonly struct EntryBlock
{
    public const int EntryCount = 16;

    private readonly Vector512<uint> _source;
    private readonly Vector512<uint> _sourceMask;
    private readonly Vector512<uint> _destination;
    private readonly Vector512<uint> _destinationMask;
    private readonly Vector512<uint> _facts;
    private readonly Vector512<uint> _factsMask;
    private readonly Vector256<ushort> _sourcePortLow;
    private readonly Vector256<ushort> _sourcePortSpan;
    private readonly Vector256<ushort> _destinationPortLow;
    private readonly Vector256<ushort> _destinationPortSpan;

    /// <param name="entries">Up to sixteen; a lane without an entry matches nothing.</param>
    public EntryBlock(ReadOnlySpan<AccessEntry> entries)
    {
        Span<uint> source = stackalloc uint[EntryCount], sourceMask = stackalloc uint[EntryCount];
        Span<uint> destination = stackalloc uint[EntryCount], destinationMask = stackalloc uint[EntryCount];
        Span<uint> facts = stackalloc uint[EntryCount], factsMask = stackalloc uint[EntryCount];
        facts.Fill(FrameFacts.Impossible);
        factsMask.Fill(FrameFacts.Impossible);
        Span<ushort> sourcePortLow = stackalloc ushort[EntryCount], sourcePortSpan = stackalloc ushort[EntryCount];
        Span<ushort> destinationPortLow = stackalloc ushort[EntryCount], destinationPortSpan = stackalloc ushort[EntryCount];
        for (int lane = 0; lane < entries.Length; lane++)
        {
            AccessEntry entry = entries[lane];
            (source[lane], sourceMask[lane]) = (entry.Source.Address.Value, entry.Source.Mask);
            (destination[lane], destinationMask[lane]) = (entry.Destination.Address.Value, entry.Destination.Mask);
            (facts[lane], factsMask[lane]) = Facts(entry);
            (sourcePortLow[lane], sourcePortSpan[lane]) = LowAndSpan(entry.SourcePort);
            (destinationPortLow[lane], destinationPortSpan[lane]) = LowAndSpan(entry.DestinationPort);
        }
        _source = Vector512.Create<uint>(source);
        _sourceMask = Vector512.Create<uint>(sourceMask);
        _destination = Vector512.Create<uint>(destination);
        _destinationMask = Vector512.Create<uint>(destinationMask);
        _facts = Vector512.Create<uint>(facts);
        _factsMask = Vector512.Create<uint>(factsMask);
        _sourcePortLow = Vector256.Create<ushort>(sourcePortLow);
        _sourcePortSpan = Vector256.Create<ushort>(sourcePortSpan);
        _destinationPortLow = Vector256.Create<ushort>(destinationPortLow);
        _destinationPortSpan = Vector256.Create<ushort>(destinationPortSpan);
    }

    /// <summary>The entries that match a frame, entry n in bit n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Match(FrameKey key)
    {
        uint comparedFacts = key.HasL4 ? ~0U : ~FrameFacts.L4Bits;
        Vector512<uint> unlike = (Vector512.Create(key.Source) ^ _source) & _sourceMask
            | (Vector512.Create(key.Destination) ^ _destination) & _destinationMask
            | (Vector512.Create(key.Facts) ^ _facts) & _factsMask & Vector512.Create(comparedFacts);

        Vector256<ushort> fromLowToSource = Vector256.Create(key.SourcePort) - _sourcePortLow;
        Vector256<ushort> fromLowToDestination = Vector256.Create(key.DestinationPort) - _destinationPortLow;
        Vector256<ushort> beyond = (Vector256.Min(fromLowToSource, _sourcePortSpan) ^ fromLowToSource)
            | (Vector256.Min(fromLowToDestination, _destinationPortSpan) ^ fromLowToDestination);
        beyond &= Vector256.Create(key.HasL4 ? ushort.MaxValue : (ushort)0);

        return (uint)Vector512.Equals(unlike, Vector512<uint>.Zero).ExtractMostSignificantBits()
            & Vector256.Equals(beyond, Vector256<ushort>.Zero).ExtractMostSignificantBits();
    }

    private static (uint Wanted, uint Mask) Facts(AccessEntry entry)
    {
        if (FieldRange.MatchesNothing(entry))
            return (FrameFacts.Impossible, FrameFacts.Impossible);
        (uint wanted, uint mask) = (0, 0);
        if (entry.Protocol is { } protocol)
            (wanted, mask) = (wanted | protocol, mask | FrameFacts.ProtocolBits);
        if (entry.Dscp is { } dscp)
            (wanted, mask) = (wanted | (uint)dscp << FrameFacts.DscpShift, mask | FrameFacts.DscpBits);
        if (entry.IcmpType is { } type)
            (wanted, mask) = (wanted | (uint)type << FrameFacts.IcmpTypeShift, mask | FrameFacts.IcmpTypeBits);
        if (entry.Established)
            (wanted, mask) = (wanted | FrameFacts.Established, mask | FrameFacts.Established);
        if (AccessEntryRules.AsksForL4(entry))
            mask |= entry.Action == AccessAction.Permit ? FrameFacts.CutShort : FrameFacts.NoL4;
        return (wanted, mask);
    }

    private static (ushort Low, ushort Span) LowAndSpan(PortMatch match) => match.Operator switch
    {
        PortOperator.Equal => (match.Low, 0),
        PortOperator.NotEqual => ((ushort)(match.Low + 1), ushort.MaxValue - 1),
        PortOperator.GreaterThan => ((ushort)(match.Low + 1), (ushort)(ushort.MaxValue - 1 - match.Low)),
        PortOperator.LessThan => (0, (ushort)(match.Low - 1)),
        PortOperator.Range => (match.Low, (ushort)(match.High - match.Low)),
        _ => (0, ushort.MaxValue),
    };
}

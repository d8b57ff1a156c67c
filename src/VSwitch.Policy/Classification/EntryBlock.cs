using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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

    /// <param name="entries">
    /// Up to sixteen. What a lane without an entry answers does not matter: only the last block of a list has any, and the
    /// first of them stands for the implicit deny.
    /// </param>
    public EntryBlock(AccessEntry[] entries)
    {
        _source = Lanes(entries, entry => entry.Source.Address.Value);
        _sourceMask = Lanes(entries, entry => entry.Source.Mask);
        _destination = Lanes(entries, entry => entry.Destination.Address.Value);
        _destinationMask = Lanes(entries, entry => entry.Destination.Mask);
        _facts = Lanes(entries, entry => Facts(entry).Wanted);
        _factsMask = Lanes(entries, entry => Facts(entry).Mask);
        _sourcePortLow = Lanes(entries, entry => LowAndSpan(entry.SourcePort).Low);
        _sourcePortSpan = Lanes(entries, entry => LowAndSpan(entry.SourcePort).Span);
        _destinationPortLow = Lanes(entries, entry => LowAndSpan(entry.DestinationPort).Low);
        _destinationPortSpan = Lanes(entries, entry => LowAndSpan(entry.DestinationPort).Span);
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
        (uint wanted, uint mask) = L4Facts(entry);
        if (entry.Protocol is { } protocol)
            (wanted, mask) = (wanted | protocol, mask | FrameFacts.ProtocolBits);
        if (entry.Dscp is { } dscp)
            (wanted, mask) = (wanted | (uint)dscp << FrameFacts.DscpShift, mask | FrameFacts.DscpBits);
        if (entry.IcmpType is { } type)
            (wanted, mask) = (wanted | (uint)type << FrameFacts.IcmpTypeShift, mask | FrameFacts.IcmpTypeBits);
        if (entry.Established)
            (wanted, mask) = (wanted | FrameFacts.Established, mask | FrameFacts.Established);
        return entry.Dscp > FrameFacts.DscpMax ? (FrameFacts.Impossible, FrameFacts.Impossible) : (wanted, mask);
    }

    /// <summary>Which frames without a header after IP match, and, if no port will do, that others do not.</summary>
    private static (uint Wanted, uint Mask) L4Facts(AccessEntry entry)
    {
        if (!AccessEntryRules.AsksForL4(entry))
            return (0, 0);
        bool noPortWillDo = FieldRange.Of(entry.SourcePort).IsEmpty || FieldRange.Of(entry.DestinationPort).IsEmpty;
        return (entry.Action, noPortWillDo) switch
        {
            (AccessAction.Permit, false) => (0, FrameFacts.CutShort),
            (AccessAction.Permit, true) => (FrameFacts.NoL4, FrameFacts.NoL4 | FrameFacts.CutShort),
            (_, false) => (0, FrameFacts.NoL4),
            (_, true) => (FrameFacts.Impossible, FrameFacts.Impossible),
        };
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

    private static Vector512<uint> Lanes(AccessEntry[] entries, Func<AccessEntry, uint> valueOf)
    {
        uint[] values = [.. entries.Select(valueOf), .. new uint[EntryCount - entries.Length]];
        return Vector512.Create(values);
    }

    private static Vector256<ushort> Lanes(AccessEntry[] entries, Func<AccessEntry, ushort> valueOf)
    {
        ushort[] values = [.. entries.Select(valueOf), .. new ushort[EntryCount - entries.Length]];
        return Vector256.Create(values);
    }
}

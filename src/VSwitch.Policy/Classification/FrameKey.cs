using System.Runtime.CompilerServices;
using VSwitch.Wire;

namespace VSwitch.Policy;

/// <summary>
/// Everything about an IPv4 frame that an access-list entry can ask for, in two words: frames with the same key get the
/// same answer from every list. What an entry does not compare (ECN, the other TCP flags, the ICMP code, a first fragment)
/// is not in it.
/// </summary>
public readonly record struct FrameKey
{
    private readonly ulong _addresses;
    private readonly ulong _portsAndFacts;

    private FrameKey(ulong addresses, ulong portsAndFacts)
    {
        _addresses = addresses;
        _portsAndFacts = portsAndFacts;
    }

    public uint Source => (uint)(_addresses >> 32);

    public uint Destination => (uint)_addresses;

    /// <summary>Zero unless <see cref="HasL4"/>.</summary>
    public ushort SourcePort => (ushort)(_portsAndFacts >> 48);

    /// <summary>Zero unless <see cref="HasL4"/>.</summary>
    public ushort DestinationPort => (ushort)(_portsAndFacts >> 32);

    /// <summary>The rest, laid out as <see cref="FrameFacts"/> says.</summary>
    public uint Facts => (uint)_portsAndFacts;

    /// <summary>Whether there is a header after IP to compare: not in a later fragment, nor where it is cut short.</summary>
    public bool HasL4 => (Facts & FrameFacts.NoL4) == 0;

    /// <param name="headers">Of an IPv4 frame.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FrameKey Of(ref readonly FrameHeaders headers)
    {
        ulong addresses = (ulong)headers.Ipv4Source << 32 | headers.Ipv4Destination;
        uint facts = headers.Protocol | (uint)headers.Dscp << FrameFacts.DscpShift;
        if (headers.L4Offset == 0)
            return new FrameKey(addresses, facts | FrameFacts.NoL4 | (headers.Has(ParseFlags.LaterFragment) ? 0 : FrameFacts.CutShort));

        if ((headers.TcpFlags & (TcpFlags.Ack | TcpFlags.Rst)) != TcpFlags.None)
            facts |= FrameFacts.Established;
        facts |= (uint)headers.IcmpType << FrameFacts.IcmpTypeShift;
        return new FrameKey(addresses, (ulong)headers.SourcePort << 48 | (ulong)headers.DestinationPort << 32 | facts);
    }
}

/// <summary>The bits of <see cref="FrameKey.Facts"/>: protocol, DSCP, ICMP type, and what follows.</summary>
internal static class FrameFacts
{
    public const uint ProtocolBits = 0xFF;
    public const int DscpShift = 8;
    public const uint DscpBits = DscpMax << DscpShift;
    public const uint DscpMax = 0x3F;
    public const int IcmpTypeShift = 16;
    public const uint IcmpTypeBits = 0xFF << IcmpTypeShift;

    /// <summary>ACK or RST is set.</summary>
    public const uint Established = 1 << 24;

    /// <summary>There is no header after IP.</summary>
    public const uint NoL4 = 1 << 25;

    /// <summary>There is no header after IP, though the frame is no later fragment.</summary>
    public const uint CutShort = 1 << 26;

    /// <summary>Set in no frame: an entry that wants it matches none.</summary>
    public const uint Impossible = 1U << 31;

    /// <summary>What the header after IP says, which a frame without one cannot be asked.</summary>
    public const uint L4Bits = IcmpTypeBits | Established;
}

namespace VSwitch.Wire;

/// <summary>What <see cref="FrameParser"/> noticed that no field of <see cref="FrameHeaders"/> says by itself.</summary>
[Flags]
public enum ParseFlags : ushort
{
    None = 0,

    /// <summary>The frame carries a C-tag, and <see cref="FrameHeaders.Tci"/> is its TCI; VLAN 0 is a priority tag.</summary>
    Tagged = 1 << 0,

    /// <summary>A fragment with offset zero and more to follow: its L4 header is here.</summary>
    FirstFragment = 1 << 1,

    /// <summary>A fragment with a non-zero offset: it has no L4 header.</summary>
    LaterFragment = 1 << 2,

    /// <summary>The type says C-tag or S-tag, but the frame ends within the tag, or there are more than four.</summary>
    TagMalformed = 1 << 3,

    /// <summary>The type says IPv4, but version, header length or total length cannot be true.</summary>
    Ipv4Malformed = 1 << 4,

    /// <summary>
    /// The type says IPv6, but version or payload length cannot be true, or the extension headers do not end well.
    /// </summary>
    Ipv6Malformed = 1 << 5,

    /// <summary>
    /// The protocol says TCP, UDP, SCTP, ICMP or ICMPv6, but its header is cut short or its length cannot be true.
    /// </summary>
    L4Malformed = 1 << 6,

    /// <summary>There is a tag besides the one of <see cref="Tagged"/>, or an S-tag without one.</summary>
    InnerTagged = 1 << 7,

    AnyFragment = FirstFragment | LaterFragment,
    AnyMalformed = TagMalformed | Ipv4Malformed | Ipv6Malformed | L4Malformed,
}

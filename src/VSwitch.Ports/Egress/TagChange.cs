using VSwitch.Frames;
using VSwitch.Wire;

namespace VSwitch.Ports;

/// <summary>
/// How the tag of one copy differs from what was received: the bytes' own tag is left out, another put in, both or
/// neither. A tag sits right after the addresses (IEEE 802.1Q clause 9.3), so whatever changes, changes in the first
/// bytes of the frame, and everything behind moves by <see cref="Delta"/>.
/// </summary>
internal readonly struct TagChange
{
    private readonly bool _removes;
    private readonly int _tci;

    public TagChange(ref readonly Frame frame, SendEntry entry)
    {
        // With a tag beside the bytes, one inside them is the second of two: payload to us.
        ReceivedTagBytes = frame.Headers.Has(ParseFlags.Tagged) && !frame.HasOutOfBandTag ? VlanTag.Bytes : 0;
        bool isKept = ReceivedTagBytes != 0 && frame.Headers.Tci == entry.Tci;
        _removes = ReceivedTagBytes != 0 && !isKept;
        _tci = isKept ? SendEntry.Untagged : entry.Tci;
    }

    /// <summary>4 when the received bytes carry a tag, else 0.</summary>
    public int ReceivedTagBytes { get; }

    /// <summary>By how many bytes everything after the addresses moves: -4, 0 or 4.</summary>
    public int Delta => (Puts ? VlanTag.Bytes : 0) - (_removes ? VlanTag.Bytes : 0);

    /// <summary>The received bytes that cannot be sent as they lie: none, the addresses, or the addresses and the tag.</summary>
    public int FrontBytes => _removes ? VlanTag.Offset + VlanTag.Bytes : Puts ? VlanTag.Offset : 0;

    private bool Puts => _tci != SendEntry.Untagged;

    /// <summary>Writes the front of a frame as it leaves.</summary>
    /// <param name="received">The first bytes of the frame, at least <see cref="FrontBytes"/>.</param>
    /// <param name="sent">Takes <see cref="Delta"/> bytes more.</param>
    public void CopyFront(ReadOnlySpan<byte> received, Span<byte> sent)
    {
        if (FrontBytes == 0)
        {
            received.CopyTo(sent);
            return;
        }

        received[..VlanTag.Offset].CopyTo(sent);
        received = received[FrontBytes..];
        sent = sent[VlanTag.Offset..];
        if (Puts)
        {
            VlanTag.Write(sent, EtherType.CTag, new VlanTci((ushort)_tci));
            sent = sent[VlanTag.Bytes..];
        }
        received.CopyTo(sent);
    }
}

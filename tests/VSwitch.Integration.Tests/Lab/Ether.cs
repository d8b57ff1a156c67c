using System.Buffers.Binary;

namespace VSwitch.Integration.Tests;

/// <summary>Makes Ethernet frames for the tests, independent of the switch's own views.</summary>
public static class Ether
{
    public const string Broadcast = "ff:ff:ff:ff:ff:ff";

    /// <summary>IEEE Std 802's local experimental ethertype.</summary>
    public const ushort Experimental = 0x88B5;

    public const ushort CTag = 0x8100;
    public const ushort STag = 0x88A8;

    /// <summary>A frame of the experimental ethertype whose payload is a number and zeros.</summary>
    /// <param name="destination">As in <c>02:00:00:00:00:01</c>.</param>
    /// <param name="source">As in <c>02:00:00:00:00:01</c>.</param>
    /// <param name="number">What tells the frame from others.</param>
    /// <param name="tags">TPID and TCI of each tag, from the outermost on.</param>
    public static byte[] Frame(string destination, string source, uint number, params (ushort Tpid, int Tci)[] tags)
    {
        var payload = new byte[46];
        BinaryPrimitives.WriteUInt32BigEndian(payload, number);
        return Frame(Mac(destination), Mac(source), Experimental, payload, tags);
    }

    public static byte[] Frame(byte[] destination, byte[] source, ushort etherType, byte[] payload, params (ushort Tpid, int Tci)[] tags) =>
    [
        .. destination, .. source,
        .. tags.SelectMany(tag => (byte[])[(byte)(tag.Tpid >> 8), (byte)tag.Tpid, (byte)(tag.Tci >> 8), (byte)tag.Tci]),
        (byte)(etherType >> 8), (byte)etherType,
        .. payload,
    ];

    public static byte[] Mac(string text) => Convert.FromHexString(text.Replace(":", "", StringComparison.Ordinal));

    /// <summary>Whether a C-tag or an S-tag, or the beginning of one, follows the addresses.</summary>
    public static bool StartsWithTag(byte[] frame) => BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(12)) is CTag or STag;
}

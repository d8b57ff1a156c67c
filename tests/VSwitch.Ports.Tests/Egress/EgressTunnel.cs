using System.Buffers.Binary;
using VSwitch.Frames;

namespace VSwitch.Ports.Tests;

/// <summary>
/// A packet inside a tunnel, as a tunnel's netdev hands it to a veth: the outer headers put together byte by byte, around a packet whose
/// checksum alone is left open.
/// </summary>
/// <param name="Inner">The packet; its Ethernet header travels in tunnels that carry Ethernet.</param>
/// <param name="Protocol">What the outer IP header says follows.</param>
/// <param name="Header">What follows, up to the inner packet.</param>
/// <param name="CarriesEthernet">Whether the inner packet has its Ethernet header.</param>
internal sealed record EgressTunnel(EgressPacket Inner, byte Protocol, byte[] Header, bool CarriesEthernet)
{
    private const byte Gre = 47, Udp = 17;

    /// <summary>In a checksum field: neither zero nor right, because nobody may rely on what a sender leaves there.</summary>
    private const string AnyChecksum = "1234";

    public bool IsV6 { get; init; }

    /// <summary>The tag inside the bytes, or <see cref="SendEntry.Untagged"/>.</summary>
    public int Tci { get; init; } = SendEntry.Untagged;

    public ushort Identification { get; init; } = 0xFFFE;

    public int L3Offset => Tci == SendEntry.Untagged ? 14 : 18;

    public int L4Offset => L3Offset + (IsV6 ? 40 : 20);

    /// <summary>How far the inner packet lies behind where it would lie alone.</summary>
    public int Shift => L4Offset + Header.Length - (CarriesEthernet ? 0 : Inner.L3Offset);

    public int PayloadOffset => Shift + Inner.PayloadOffset;

    public static EgressTunnel Vxlan(EgressPacket inner, bool hasChecksum) =>
        new(inner, Udp, Hex("9c41 12b5 0000" + (hasChecksum ? AnyChecksum : "0000") + "08000000 00000500"), CarriesEthernet: true);

    public static EgressTunnel Geneve(EgressPacket inner, bool hasChecksum) =>
        new(inner, Udp, Hex("9c41 17c1 0000" + (hasChecksum ? AnyChecksum : "0000") + "02006558 00000900 0102ff01 deadbeef"), CarriesEthernet: true);

    /// <param name="inner">The packet.</param>
    /// <param name="flags">The first byte: 0x80 for a checksum, 0x20 for a key, 0x10 for a sequence number.</param>
    public static EgressTunnel GreWith(EgressPacket inner, byte flags)
    {
        string header = $"{flags:x2}00" + (inner.IsV6 ? "86dd" : "0800");
        header += (flags & 0x80) != 0 ? AnyChecksum + "0000" : "";
        header += (flags & 0x20) != 0 ? "00000007" : "";
        header += (flags & 0x10) != 0 ? "00000009" : "";
        return new(inner, Gre, Hex(header), CarriesEthernet: false);
    }

    public static EgressTunnel Bare(EgressPacket inner) => new(inner, (byte)(inner.IsV6 ? 41 : 4), [], CarriesEthernet: false);

    public static EgressTunnel Of(string kind, EgressPacket inner) => kind switch
    {
        "vxlan" => Vxlan(inner, hasChecksum: false),
        "vxlan with checksum" => Vxlan(inner, hasChecksum: true),
        "geneve" => Geneve(inner, hasChecksum: true),
        "gre" => GreWith(inner, 0),
        "gre with key" => GreWith(inner, 0x20),
        "gre with checksum" => GreWith(inner, 0xA0),
        _ => Bare(inner),
    };

    public Offload Gso(int segmentBytes)
    {
        Offload offload = Inner.Gso(segmentBytes);
        offload.ChecksumStart += (ushort)Shift;
        return offload with { HeaderBytes = (ushort)PayloadOffset };
    }

    public byte[] ToBytes()
    {
        byte[] inner = Inner.ToBytes(isPartial: true)[(CarriesEthernet ? 0 : Inner.L3Offset)..];
        byte[] ip = IsV6
            ? Hex("60000000 0000 00 40 fd000000000000000000000000000011 fd000000000000000000000000000012")
            : Hex("45000000 0000 4000 40 00 0000 0a010001 0a010002");
        int l4Bytes = Header.Length + inner.Length;
        ip[IsV6 ? 6 : 9] = Protocol;
        Put16(ip, IsV6 ? 4 : 2, IsV6 ? l4Bytes : ip.Length + l4Bytes);
        if (!IsV6)
            Put16(ip, 4, Identification);

        byte[] header = [.. Header];
        if (Protocol == Udp)
            Put16(header, 4, l4Bytes);
        string tag = Tci == SendEntry.Untagged ? "" : $"8100{Tci:x4}";
        return [.. Hex("02000000000a 02000000000b" + tag + (IsV6 ? "86dd" : "0800")), .. ip, .. header, .. inner];
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    private static void Put16(Span<byte> bytes, int offset, int value) => BinaryPrimitives.WriteUInt16BigEndian(bytes[offset..], (ushort)value);
}

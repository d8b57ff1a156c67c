using System.Buffers.Binary;
using VSwitch.Wire;

namespace VSwitch.Forwarding.Tests;

/// <summary>Literal frames for the bench.</summary>
internal static class TestFrames
{
    public const string Broadcast = "ff:ff:ff:ff:ff:ff";

    public static byte[] Ethernet(string destination, string source, ushort etherType = 0x88B5, int payloadBytes = 46)
    {
        byte[] frame = new byte[14 + payloadBytes];
        PutMac(frame, 0, destination);
        PutMac(frame, 6, source);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), etherType);
        return frame;
    }

    /// <summary>Puts a tag behind the addresses, a C-tag unless another type is named.</summary>
    public static byte[] Tagged(byte[] frame, int tci, int tagType = 0x8100) =>
        [.. frame.AsSpan(0, 12), (byte)(tagType >> 8), (byte)tagType, (byte)(tci >> 8), (byte)tci, .. frame.AsSpan(12)];

    /// <summary>TCP or UDP over IPv4 with a 20-byte IP header.</summary>
    public static byte[] Ipv4(string destination, string source, string ipSource, string ipDestination, byte protocol, ushort sourcePort, ushort destinationPort, byte tcpFlags = 2)
    {
        byte[] frame = Ethernet(destination, source, 0x0800, 20 + 20 + 6);
        Span<byte> ip = frame.AsSpan(14);
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], 40);
        ip[8] = 64;
        ip[9] = protocol;
        PutAddress(ip[12..], ipSource);
        PutAddress(ip[16..], ipDestination);
        Span<byte> l4 = ip[20..];
        BinaryPrimitives.WriteUInt16BigEndian(l4, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(l4[2..], destinationPort);
        if (protocol == 17)
            BinaryPrimitives.WriteUInt16BigEndian(l4[4..], 20);
        else
        {
            l4[12] = 0x50;
            l4[13] = tcpFlags;
        }
        return frame;
    }

    private static void PutMac(byte[] frame, int offset, string mac)
    {
        Span<byte> bits = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bits, MacAddress.Parse(mac).Value);
        bits[2..].CopyTo(frame.AsSpan(offset));
    }

    private static void PutAddress(Span<byte> at, string address) =>
        System.Net.IPAddress.Parse(address).GetAddressBytes().CopyTo(at);
}

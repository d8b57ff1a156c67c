using System.Buffers.Binary;
using VSwitch.Frames;

namespace VSwitch.Ports.Tests;

/// <summary>
/// A TCP or UDP packet put together byte by byte, with none of the code under test: what an honest sender hands to the
/// switch, and what its receiver must get.
/// </summary>
internal sealed record EgressPacket
{
    public const byte Fin = 0x01, Psh = 0x08, Ack = 0x10, Cwr = 0x80;

    /// <summary>The tag inside the bytes, or <see cref="SendEntry.Untagged"/>.</summary>
    public int Tci { get; init; } = SendEntry.Untagged;

    public bool IsV6 { get; init; }

    public bool IsUdp { get; init; }

    /// <summary>IPv4 options, or IPv6 destination options headers that each name the next.</summary>
    public byte[] Extension { get; init; } = [];

    public byte[] TcpOptions { get; init; } = [];

    public byte TcpFlags { get; init; } = Ack | Psh;

    public uint Sequence { get; init; } = 0x0102_0304;

    public ushort Identification { get; init; } = 0x1234;

    public byte[] Payload { get; init; } = [];

    public int L3Offset => Tci == SendEntry.Untagged ? 14 : 18;

    public int L4Offset => L3Offset + (IsV6 ? 40 : 20) + Extension.Length;

    public int PayloadOffset => L4Offset + (IsUdp ? 8 : 20 + TcpOptions.Length);

    public int ChecksumOffset => IsUdp ? 6 : 16;

    private byte Protocol => (byte)(IsUdp ? 17 : 6);

    /// <summary>The metadata that goes with <see cref="ToBytes"/> of a partial checksum.</summary>
    public Offload PartialChecksum => new()
    {
        Flags = OffloadFlags.NeedsChecksum,
        ChecksumStart = (ushort)L4Offset,
        ChecksumOffset = (ushort)ChecksumOffset,
    };

    public static byte[] RandomBytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Anything that an honest sender might send.</summary>
    public static EgressPacket Random(Random random, int payloadBytesMax)
    {
        bool isV6 = random.Next(2) == 0;
        bool isUdp = random.Next(3) == 0;
        return new EgressPacket
        {
            Tci = random.Next(2) == 0 ? SendEntry.Untagged : random.Next(0x10000),
            IsV6 = isV6,
            IsUdp = isUdp,
            Extension = random.Next(3) != 0 ? []
                : isV6 ? DestinationOptions(isUdp, random.Next(1, 4))
                : [.. Enumerable.Repeat((byte)1, 4 * random.Next(1, 11))],
            TcpOptions = random.Next(2) == 0 ? [] : [1, 1, 8, 10, .. RandomBytes(random, 8)],
            TcpFlags = (byte)(Ack | random.Next(0x100) & ~0x26),
            Sequence = (uint)random.NextInt64(1L << 32),
            Identification = (ushort)random.Next(0x10000),
            Payload = RandomBytes(random, random.Next(4) == 0 ? random.Next(100) : random.Next(payloadBytesMax)),
        };
    }

    /// <summary>Places anywhere behind the headers to cut the bytes at; twice at the same place is a run without bytes.</summary>
    public int[] RandomCuts(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => PayloadOffset + random.Next(Payload.Length + 1)).Order()];

    /// <summary>The metadata of this packet as a GSO frame.</summary>
    public Offload Gso(int segmentBytes) => PartialChecksum with
    {
        Gso = IsUdp ? GsoType.UdpL4
            : (IsV6 ? GsoType.TcpV6 : GsoType.TcpV4) | ((TcpFlags & Cwr) != 0 ? GsoType.EcnBit : GsoType.None),
        SegmentBytes = (ushort)segmentBytes,
        HeaderBytes = (ushort)PayloadOffset,
    };

    /// <summary>The packets that the sender would have sent without offloads, with the tag <paramref name="tci"/>.</summary>
    public IEnumerable<EgressPacket> Cut(int segmentBytes, int tci)
    {
        int count = Math.Max(1, (Payload.Length + segmentBytes - 1) / segmentBytes);
        for (int i = 0; i < count; i++)
        {
            int flags = TcpFlags;
            if (i != 0)
                flags &= ~Cwr;
            if (i != count - 1)
                flags &= ~(Fin | Psh);
            yield return this with
            {
                Tci = tci,
                TcpFlags = (byte)flags,
                Sequence = Sequence + (uint)(i * segmentBytes),
                Identification = (ushort)(Identification + i),
                Payload = [.. Payload.Skip(i * segmentBytes).Take(segmentBytes)],
            };
        }
    }

    /// <param name="isPartial">Leaves the sum over the pseudo-header in the checksum field.</param>
    public byte[] ToBytes(bool isPartial)
    {
        byte[] bytes = new byte[PayloadOffset + Payload.Length];
        new byte[] { 0x02, 0, 0, 0, 0, 0x0A, 0x02, 0, 0, 0, 0, 0x0B }.CopyTo(bytes, 0);
        if (Tci != SendEntry.Untagged)
        {
            Put16(bytes, 12, 0x8100);
            Put16(bytes, 14, Tci);
        }
        Put16(bytes, L3Offset - 2, IsV6 ? 0x86DD : 0x0800);

        int addresses = IsV6 ? WriteIpv6(bytes) : WriteIpv4(bytes);
        Payload.CopyTo(bytes, PayloadOffset);
        if (IsUdp)
            WriteUdp(bytes);
        else
            WriteTcp(bytes);

        int l4Bytes = bytes.Length - L4Offset;
        int field = L4Offset + ChecksumOffset;
        int sum = Sum(bytes.AsSpan(addresses, IsV6 ? 32 : 8), Protocol + l4Bytes);
        Put16(bytes, field, sum);
        if (!isPartial)
        {
            int checksum = ~Sum(bytes.AsSpan(L4Offset), 0) & 0xFFFF;
            Put16(bytes, field, checksum == 0 ? 0xFFFF : checksum);
        }
        return bytes;
    }

    private static void Put16(Span<byte> bytes, int offset, int value) =>
        BinaryPrimitives.WriteUInt16BigEndian(bytes[offset..], (ushort)value);

    private static void Put32(Span<byte> bytes, int offset, uint value) =>
        BinaryPrimitives.WriteUInt32BigEndian(bytes[offset..], value);

    private static int Sum(ReadOnlySpan<byte> bytes, int sum)
    {
        for (int i = 0; i < bytes.Length; i++)
            sum += i % 2 == 0 ? bytes[i] << 8 : bytes[i];
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return sum;
    }

    /// <summary>Headers of 8 bytes, each with one PadN option of 4; the last names the transport.</summary>
    private static byte[] DestinationOptions(bool isUdp, int count)
    {
        byte[] headers = [.. Enumerable.Repeat<byte[]>([60, 0, 1, 4, 0, 0, 0, 0], count).SelectMany(header => header)];
        headers[(count - 1) * 8] = (byte)(isUdp ? 17 : 6);
        return headers;
    }

    private int WriteIpv4(byte[] bytes)
    {
        Span<byte> ip = bytes.AsSpan(L3Offset, 20 + Extension.Length);
        ip[0] = (byte)(0x40 | ip.Length / 4);
        Put16(ip, 2, bytes.Length - L3Offset);
        Put16(ip, 4, Identification);
        Put16(ip, 6, 0x4000);
        ip[8] = 64;
        ip[9] = Protocol;
        Put32(ip, 12, 0x0A000001);
        Put32(ip, 16, 0x0A000002);
        Extension.CopyTo(ip[20..]);
        Put16(ip, 10, ~Sum(ip, 0));
        return L3Offset + 12;
    }

    private int WriteIpv6(byte[] bytes)
    {
        Span<byte> ip = bytes.AsSpan(L3Offset, 40 + Extension.Length);
        ip[0] = 0x60;
        Put16(ip, 4, bytes.Length - L3Offset - 40);
        ip[6] = Extension.Length != 0 ? (byte)60 : Protocol;
        ip[7] = 64;
        Put32(ip, 8, 0xFD000000);
        ip[23] = 1;
        Put32(ip, 24, 0xFD000000);
        ip[39] = 2;
        Extension.CopyTo(ip[40..]);
        return L3Offset + 8;
    }

    private void WriteTcp(byte[] bytes)
    {
        Span<byte> tcp = bytes.AsSpan(L4Offset, 20 + TcpOptions.Length);
        Put16(tcp, 0, 40000);
        Put16(tcp, 2, 5001);
        Put32(tcp, 4, Sequence);
        Put32(tcp, 8, 0x1111_1111);
        tcp[12] = (byte)(tcp.Length / 4 << 4);
        tcp[13] = TcpFlags;
        Put16(tcp, 14, 512);
        TcpOptions.CopyTo(tcp[20..]);
    }

    private void WriteUdp(byte[] bytes)
    {
        Span<byte> udp = bytes.AsSpan(L4Offset, 8);
        Put16(udp, 0, 40000);
        Put16(udp, 2, 5001);
        Put16(udp, 4, bytes.Length - L4Offset);
    }
}

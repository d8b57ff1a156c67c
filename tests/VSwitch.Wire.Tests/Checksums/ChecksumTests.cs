using System.Buffers.Binary;

namespace VSwitch.Wire.Tests.Checksums;

public class ChecksumTests
{
    /// <summary>The worked example of RFC 1071 section 3.</summary>
    [Fact]
    public void SumsTheExampleOfTheRfc()
    {
        byte[] bytes = Hex.Bytes("00 01 f2 03 f4 f5 f6 f7");
        Assert.Equal(0xDDF2, Checksum.Fold(Checksum.SumPlain(bytes)));
        Assert.Equal(0xDDF2, Checksum.Fold(Checksum.Sum(bytes)));
        Assert.Equal(0x220D, Checksum.Complete(Checksum.Sum(bytes)));
    }

    [Theory]
    [InlineData(0x0000_0000u, 0x0000)]
    [InlineData(0x0000_FFFFu, 0xFFFF)]
    [InlineData(0x0001_0000u, 0x0001)]
    [InlineData(0x0001_FFFFu, 0x0001)]
    [InlineData(0xFFFF_0001u, 0x0001)]
    [InlineData(0xFFFF_FFFFu, 0xFFFF)]
    public void FoldAddsEveryCarryBack(uint sum, int folded) => Assert.Equal(folded, Checksum.Fold(sum));

    [Fact]
    public void AnOddLastByteIsTheHighHalfOfAWord()
    {
        Assert.Equal(0x0102 + 0x0300, Checksum.Fold(Checksum.SumPlain([1, 2, 3])));
        Assert.Equal(0x0102 + 0x0300, Checksum.Fold(Checksum.Sum([1, 2, 3])));
    }

    [Fact]
    public void VectorsAgreeWithThePlainSumForEveryLengthAndAlignment()
    {
        byte[] bytes = RandomBytes(seed: 1, 700);
        for (int start = 0; start < 65; start++)
        {
            for (int length = 0; length <= 600; length++)
                AssertSame(bytes.AsSpan(start, length), partial: (uint)(start * length));
        }
    }

    [Fact]
    public void VectorsAgreeWithThePlainSumForRandomLongLengths()
    {
        byte[] bytes = RandomBytes(seed: 2, 70_100);
        var random = new Random(3);
        for (int round = 0; round < 2_000; round++)
            AssertSame(bytes.AsSpan(random.Next(100), random.Next(70_001)), partial: (uint)random.NextInt64(1L << 32));
    }

    /// <summary>All ones make the largest sums; the lengths straddle the point where a lane must be emptied.</summary>
    [Theory]
    [InlineData(65_536)]
    [InlineData(70_001)]
    [InlineData(32_768 * 32 + 31)]
    [InlineData(32_768 * 64)]
    [InlineData(32_768 * 64 + 129)]
    [InlineData(5_000_001)]
    public void LargestSumsDoNotOverflow(int length)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, (byte)0xFF);
        AssertSame(bytes, partial: 0);
        AssertSame(bytes, partial: uint.MaxValue);
        Assert.Equal(length % 2 == 0 ? 0xFFFF : 0xFF00, Checksum.Fold(Checksum.Sum(bytes)));
    }

    [Fact]
    public void ZeroesSumToZeroAndNothingElseDoes()
    {
        Assert.Equal(0u, Checksum.Sum(new byte[1000]));
        Assert.Equal(0u, Checksum.Sum([]));
        Assert.Equal(0xFFFF, Checksum.Fold(Checksum.Sum([0xFF, 0xFE, 0x00, 0x01])));
    }

    [Fact]
    public void EvenPiecesAddUp()
    {
        byte[] bytes = RandomBytes(seed: 4, 1501);
        for (int split = 0; split <= 1500; split += 2)
        {
            uint pieces = Checksum.Sum(bytes.AsSpan(split), Checksum.Sum(bytes.AsSpan(0, split)));
            Assert.Equal(Checksum.Fold(Checksum.SumPlain(bytes)), Checksum.Fold(pieces));
        }
    }

    /// <summary>
    /// RFC 1624 section 4 shows the case that its predecessor got wrong: the result must be 0x0000, not 0xFFFF.
    /// </summary>
    [Fact]
    public void UpdateFollowsTheExampleOfTheRfc() =>
        Assert.Equal(0x0000, Checksum.Update((ushort)0xDD2F, before: (ushort)0x5555, after: (ushort)0x3285));

    [Fact]
    public void UpdateEqualsComputingAfresh()
    {
        var random = new Random(5);
        byte[] bytes = RandomBytes(seed: 6, 20);
        for (int round = 0; round < 20_000; round++)
        {
            ushort checksum = Checksum.Complete(Checksum.SumPlain(bytes));
            Span<byte> word = bytes.AsSpan(2 * random.Next(8), 4);
            uint before = BinaryPrimitives.ReadUInt32BigEndian(word);
            random.NextBytes(word);
            uint after = BinaryPrimitives.ReadUInt32BigEndian(word);

            ushort expected = Checksum.Complete(Checksum.SumPlain(bytes));
            Assert.Equal(expected, Checksum.Update(checksum, before, after));
            ushort halfway = Checksum.Update(checksum, (ushort)(before >> 16), (ushort)(after >> 16));
            Assert.Equal(expected, Checksum.Update(halfway, (ushort)before, (ushort)after));
        }
    }

    [Fact]
    public void PseudoHeadersEqualTheirBytes()
    {
        byte[] v4 = Hex.Bytes("""
            c0 00 02 01 c6 33 64 02     # 192.0.2.1, 198.51.100.2
            00 11 05 dc                 # zero, UDP, 1500 bytes
            """);
        uint sum = Checksum.PseudoHeader(0xC000_0201, 0xC633_6402, IpProtocol.Udp, 1500);
        Assert.Equal(Checksum.Fold(Checksum.SumPlain(v4)), Checksum.Fold(sum));

        byte[] v6 = Hex.Bytes("""
            20 01 0d b8 00 00 00 00 ff ff 00 00 00 00 00 01   # source
            fe 80 00 00 00 00 00 00 02 50 56 ff fe b3 06 d1   # destination
            00 01 11 70                                       # 70,000 bytes
            00 00 00 3a                                       # zero, ICMPv6
            """);
        sum = Checksum.PseudoHeader(
            BinaryPrimitives.ReadUInt128BigEndian(v6),
            BinaryPrimitives.ReadUInt128BigEndian(v6.AsSpan(16)),
            IpProtocol.Icmpv6,
            l4Bytes: 70_000);
        Assert.Equal(Checksum.Fold(Checksum.SumPlain(v6)), Checksum.Fold(sum));
    }

    /// <summary>
    /// By whatever <see cref="Checksum.Sum"/> picks on this machine, and by each loop it could pick on another.
    /// </summary>
    private static void AssertSame(ReadOnlySpan<byte> bytes, uint partial)
    {
        ushort expected = Checksum.Fold(Checksum.SumPlain(bytes, partial));
        Assert.Equal(expected, Checksum.Fold(Checksum.Sum(bytes, partial)));
        Assert.Equal(expected, Checksum.Fold(Checksum.FoldNative(Checksum.SumScalar(bytes), partial)));

        int whole = bytes.Length & -64;
        ulong tail = Checksum.SumScalar(bytes[whole..]);
        Assert.Equal(expected, Checksum.Fold(Checksum.FoldNative(Checksum.SumVector256(bytes[..whole]) + tail, partial)));
        Assert.Equal(expected, Checksum.Fold(Checksum.FoldNative(Checksum.SumVector512(bytes[..whole]) + tail, partial)));
    }

    private static byte[] RandomBytes(int seed, int count)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}

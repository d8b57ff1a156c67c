using System.Buffers.Binary;

namespace VSwitch.Wire.Tests.Headers;

/// <summary>How well the flow hash spreads, judged on frames that go through the parser.</summary>
public class FlowHashTests
{
    private const int FlowCount = 65_536;

    private static readonly byte[] Ipv4Frame = Hex.Bytes("""
        52 54 00 12 34 56 00 50 56 b3 06 d1 08 00
        45 00 00 1c 00 00 00 00 40 11 00 00 0a 00 00 01 0a 00 00 02
        00 00 00 00 00 08 00 00
        """);

    private static readonly byte[] Ipv6Frame = Hex.Bytes("""
        52 54 00 12 34 56 00 50 56 b3 06 d1 86 dd
        60 00 00 00 00 08 11 40
        20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 02
        00 00 00 00 00 08 00 00
        """);

    /// <summary>
    /// Flows that differ in one 16-bit number only, as flows of one machine do, over 64 links and over 4,096 buckets, whether
    /// the low or the high bits pick. A random function would deviate as far as this in less than one case of a million.
    /// </summary>
    [Theory]
    [InlineData(4, 26)] // IPv4: low half of the source
    [InlineData(4, 28)] // high half of the source
    [InlineData(4, 32)] // low half of the destination
    [InlineData(4, 34)] // source port
    [InlineData(4, 36)] // destination port
    [InlineData(6, 28)] // IPv6: inside the prefix of the source
    [InlineData(6, 36)] // low end of the source
    [InlineData(6, 52)] // low end of the destination
    [InlineData(6, 54)] // source port
    public void NeighboringFlowsSpreadEvenly(int version, int offset)
    {
        byte[] frame = [.. version == 4 ? Ipv4Frame : Ipv6Frame];
        uint[] hashes = new uint[FlowCount];
        for (int i = 0; i < FlowCount; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(offset), (ushort)i);
            hashes[i] = HashOf(frame);
        }

        AssertEven(hashes.Select(hash => hash & 63), bucketCount: 64);
        AssertEven(hashes.Select(hash => hash >> 26), bucketCount: 64);
        AssertEven(hashes.Select(hash => hash & 4095), bucketCount: 4096);
        Assert.InRange(hashes.Distinct().Count(), FlowCount - 16, FlowCount);
    }

    /// <summary>Every bit of addresses and ports flips every bit of the hash in about half of the cases.</summary>
    [Theory]
    [InlineData(4, 26, 38)]
    [InlineData(6, 22, 58)]
    public void EveryBitReachesEveryBit(int version, int start, int end)
    {
        const int Rounds = 2000;
        byte[] frame = [.. version == 4 ? Ipv4Frame : Ipv6Frame];
        var random = new Random(1);
        int[,] flips = new int[(end - start) * 8, 32];
        for (int round = 0; round < Rounds; round++)
        {
            random.NextBytes(frame.AsSpan(start..end));
            uint hash = HashOf(frame);
            for (int bit = 0; bit < (end - start) * 8; bit++)
            {
                frame[start + bit / 8] ^= (byte)(1 << bit % 8);
                uint difference = hash ^ HashOf(frame);
                frame[start + bit / 8] ^= (byte)(1 << bit % 8);
                for (int output = 0; output < 32; output++)
                    flips[bit, output] += (int)(difference >> output & 1);
            }
        }

        foreach (int count in flips)
            Assert.InRange(count, Rounds * 0.35, Rounds * 0.65);
    }

    [Fact]
    public void FramesWithoutIpSpreadByAddress()
    {
        byte[] frame = Hex.Bytes("52 54 00 12 34 56 00 50 56 b3 06 d1 88 b5");
        IEnumerable<uint> Hashes()
        {
            for (int i = 0; i < FlowCount; i++)
            {
                BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(10), (ushort)i);
                yield return HashOf(frame);
            }
        }

        AssertEven(Hashes().Select(hash => hash & 63), bucketCount: 64);
    }

    [Fact]
    public void TheTagDoesNotChangeTheHash()
    {
        byte[] tagged = [.. Ipv4Frame[..12], 0x81, 0x00, 0x00, 0x64, .. Ipv4Frame[12..]];
        Assert.Equal(HashOf(Ipv4Frame), HashOf(tagged));
    }

    /// <summary>
    /// Chi-square: its mean is the number of buckets and its deviation the root of twice that; five deviations are allowed.
    /// </summary>
    private static void AssertEven(IEnumerable<uint> buckets, int bucketCount)
    {
        int[] counts = new int[bucketCount];
        foreach (uint bucket in buckets)
            counts[bucket]++;

        double expected = (double)FlowCount / bucketCount;
        double chiSquare = counts.Sum(count => (count - expected) * (count - expected) / expected);
        double allowed = bucketCount + 5 * Math.Sqrt(2 * bucketCount);
        Assert.True(chiSquare < allowed, $"chi-square {chiSquare} over {bucketCount} buckets");
    }

    private static uint HashOf(byte[] frame)
    {
        Assert.True(FrameParser.TryParse(frame, out FrameHeaders headers));
        Assert.Equal(ParseFlags.None, headers.Flags & ~ParseFlags.Tagged);
        return headers.FlowHash;
    }
}

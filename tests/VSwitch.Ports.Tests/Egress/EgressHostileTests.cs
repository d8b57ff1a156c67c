using VSwitch.Frames;

namespace VSwitch.Ports.Tests;

/// <summary>
/// Senders that lie. Behind every run of bytes lies a page that ends the program when it is read, so these tests
/// judge by surviving; and whatever is sent adds up.
/// </summary>
public class EgressHostileTests
{
    [Theory]
    [MemberData(nameof(Seeds))]
    public void RandomMetadataIsSafe(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 200; round++)
        {
            byte[] bytes = RandomFrame(random);
            int[] cuts = [.. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(14, bytes.Length + 1)).Order()];
            int outOfBandTci = random.Next(4) == 0 ? random.Next(0x10000) : SendEntry.Untagged;
            using EgressRig rig = new();
            if (rig.Receive(bytes, RandomOffload(random, bytes.Length), outOfBandTci, cuts))
                SendEveryWay(random, rig);
        }
    }

    /// <summary>A guest whose memory holds the frame writes on after the frame has been found valid.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void BytesThatChangeAfterTheyWereParsedAreSafe(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 200; round++)
        {
            EgressPacket packet = EgressPacket.Random(random, payloadBytesMax: 3000);
            Offload offload = random.Next(3) == 0 ? packet.PartialChecksum : packet.Gso(random.Next(1, 1500));
            using EgressRig rig = new();
            Assert.True(rig.Receive(packet.ToBytes(isPartial: true), offload, cuts: packet.PayloadOffset));
            rig.OverwriteHead(EgressPacket.RandomBytes(random, packet.PayloadOffset));
            SendEveryWay(random, rig);
        }
    }

    /// <summary>The length of the TCP header decides what is copied: beyond the head, or less than its own fields.</summary>
    [Theory]
    [InlineData(0xF0)]
    [InlineData(0x10)]
    public void ATcpHeaderThatChangesItsLengthIsDropped(byte dataOffset)
    {
        EgressPacket packet = new() { Payload = new byte[3000] };
        byte[] bytes = packet.ToBytes(isPartial: true);
        using EgressRig rig = new();
        Assert.True(rig.Receive(bytes, packet.Gso(1000), cuts: packet.PayloadOffset));
        bytes[packet.L4Offset + 12] = dataOffset;
        rig.OverwriteHead(bytes.AsSpan(0, packet.PayloadOffset));
        Assert.Empty(rig.Send(SendEntry.Untagged));
        Assert.Empty(rig.Send(SendEntry.Untagged, OffloadSet.All));
        Assert.Equal(2UL, rig.Counters.Drops(DropReason.Unsegmentable));
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 50)];

    /// <summary>An honest frame with some bytes changed and the end cut off, or noise.</summary>
    private static byte[] RandomFrame(Random random)
    {
        if (random.Next(4) == 0)
            return EgressPacket.RandomBytes(random, random.Next(14, 300));

        byte[] bytes = EgressPacket.Random(random, payloadBytesMax: 3000).ToBytes(isPartial: true);
        for (int changes = random.Next(4); changes > 0; changes--)
            bytes[random.Next(12, Math.Min(bytes.Length, 120))] = (byte)random.Next(0x100);
        return bytes[..random.Next(Math.Min(bytes.Length, 60), bytes.Length + 1)];
    }

    private static Offload RandomOffload(Random random, int frameBytes)
    {
        ReadOnlySpan<GsoType> types =
            [GsoType.None, GsoType.TcpV4, GsoType.TcpV6, GsoType.UdpL4, GsoType.TcpV4 | GsoType.EcnBit, GsoType.Udp];
        return new Offload
        {
            Flags = (OffloadFlags)random.Next(4),
            Gso = random.Next(10) == 0 ? (GsoType)random.Next(0x100) : types[random.Next(types.Length)],
            HeaderBytes = (ushort)random.Next(0x10000),
            SegmentBytes = (ushort)(random.Next(2) == 0 ? random.Next(0x10000) : random.Next(40)),
            ChecksumStart = (ushort)random.Next(4) switch
            {
                0 => 34,
                1 => 54,
                2 => (ushort)random.Next(14, frameBytes + 1),
                _ => (ushort)random.Next(0x10000),
            },
            ChecksumOffset = (ushort)random.Next(3) switch
            {
                0 => 16,
                1 => 6,
                _ => (ushort)random.Next(frameBytes),
            },
        };
    }

    private static void SendEveryWay(Random random, EgressRig rig)
    {
        for (OffloadSet offloads = OffloadSet.None; offloads <= OffloadSet.All; offloads++)
        {
            int tci = random.Next(2) == 0 ? SendEntry.Untagged : random.Next(0x10000);
            List<SentFrame> sent = rig.Send(tci, offloads);
            ulong dropped = rig.Counters.Drops(DropReason.Unsegmentable) + rig.Counters.Drops(DropReason.MtuExceeded);
            Assert.True(sent.Count > 0 || dropped > 0);
            if (!offloads.HasFlag(OffloadSet.Checksum))
                Assert.All(sent, frame => Assert.Equal(default, frame.Offload));
        }
    }
}

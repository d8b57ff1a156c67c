using VSwitch.Frames;

namespace VSwitch.Ports.Tests;

/// <summary>Checksums that the sender left to whoever sends, to receivers that do not take that.</summary>
public class EgressChecksumTests
{
    private const string Addresses = "02000000000a02000000000b";

    /// <summary>The finished packets are scapy's.</summary>
    [Theory]
    [InlineData("UDP over IPv4", "08004500001f00014000401126cb0a0000010a0000029c401389000b",
        "141f", "77a9", "616263", 34, 6)]
    [InlineData("UDP over IPv6", "86dd60000000000b1140fd000000000000000000000000000001fd0000000000000000000000000000029c401389000b",
        "fa20", "91a7", "616263", 54, 6)]
    [InlineData("SCTP", "080045000034000140004084263b0a0000010a00000203e807d001020304",
        "00000000", "71234abc", "0000001b00000004000100020000000368656c6c6f2c207363747000", 34, 8)]
    public void Finishes(string what, string headers, string partial, string finished, string payload, ushort start, ushort offset)
    {
        Offload offload = new() { Flags = OffloadFlags.NeedsChecksum, ChecksumStart = start, ChecksumOffset = offset };
        byte[] bytes = Convert.FromHexString(Addresses + headers + partial + payload);
        for (int tci = SendEntry.Untagged; tci < 2; tci++)
        {
            using EgressRig rig = new();
            Assert.True(rig.Receive(bytes, offload), what);
            SentFrame sent = Assert.Single(rig.Send(tci));
            string tag = tci == SendEntry.Untagged ? "" : $"8100{tci:x4}";
            Assert.Equal(Addresses + tag + headers + finished + payload, sent.Hex);
            Assert.Equal(default, sent.Offload);
            Assert.Equal(1UL, rig.Counters.SoftwareChecksums);
        }
    }

    [Theory]
    [MemberData(nameof(EgressSegmentationTests.Seeds), MemberType = typeof(EgressSegmentationTests))]
    public void FinishesWhateverTheRunsOfBytes(int seed)
    {
        Random random = new(seed);
        EgressPacket packet = EgressPacket.Random(random, payloadBytesMax: 4000);
        int[] cuts = packet.RandomCuts(random, random.Next(6));
        int tci = random.Next(2) == 0 ? SendEntry.Untagged : random.Next(0x10000);

        using EgressRig rig = new();
        Assert.True(rig.Receive(packet.ToBytes(isPartial: true), packet.PartialChecksum, cuts: cuts));
        string expected = Convert.ToHexStringLower((packet with { Tci = tci }).ToBytes(isPartial: false));
        Assert.Equal(expected, Assert.Single(rig.Send(tci)).Hex);
    }

    /// <summary>RFC 768: a computed zero is sent as all ones, since zero says that there is no checksum.</summary>
    [Fact]
    public void AZeroIsSentAsAllOnes()
    {
        // The first word of the payload makes the sum come out as 0xFFFF: it is the checksum of the packet without it.
        EgressPacket packet = new() { IsUdp = true, Payload = new byte[2] };
        byte[] zero = packet.ToBytes(isPartial: false);
        packet = packet with { Payload = zero[40..42] };

        using EgressRig rig = new();
        Assert.True(rig.Receive(packet.ToBytes(isPartial: true), packet.PartialChecksum));
        Assert.Equal("FFFF", Convert.ToHexString(rig.Send(SendEntry.Untagged)[0].Bytes.AsSpan(40, 2)));
    }

    /// <summary>A field beyond all usual headers would have to be copied with everything before it.</summary>
    [Theory]
    [InlineData(254, 1)]
    [InlineData(255, 0)]
    public void AFieldFarIntoTheFrameIsNotFinished(int fieldOffset, int sent)
    {
        using EgressRig rig = new();
        Offload offload = new()
        {
            Flags = OffloadFlags.NeedsChecksum,
            ChecksumStart = 14,
            ChecksumOffset = (ushort)(fieldOffset - 14),
        };
        Assert.True(rig.Receive(new byte[1000], offload));
        Assert.Equal(sent, rig.Send(tci: 1).Count);
        Assert.Equal(1 - sent, (int)rig.Counters.Drops(DropReason.Unsegmentable));
    }
}

using VSwitch.Frames;

namespace VSwitch.Ports.Tests;

/// <summary>The tag that a copy leaves with, beside the one that it came with.</summary>
public class EgressTagTests
{
    private const string Addresses = "02000000000a02000000000b";
    private const string Rest = "08060001080006040001";

    [Theory]
    [InlineData("", SendEntry.Untagged, "")]
    [InlineData("", 0x2064, "81002064")]
    [InlineData("", 0, "81000000")]
    [InlineData("81002064", SendEntry.Untagged, "")]
    [InlineData("81002064", 0x2064, "81002064")]
    [InlineData("81002064", 0x0064, "81000064")]
    [InlineData("81000000", 0x0001, "81000001")]
    [InlineData("88a80064", 0x0001, "8100000188a80064")]
    [InlineData("88a80064", SendEntry.Untagged, "88a80064")]
    [InlineData("8100006481000065", 0x0064, "8100006481000065")]
    [InlineData("8100006481000065", 0x0066, "8100006681000065")]
    [InlineData("8100006481000065", SendEntry.Untagged, "81000065")]
    public void TheReceivedTagGivesWayToTheSentOne(string received, int tci, string sent)
    {
        using EgressRig rig = new();
        Assert.True(rig.Receive(Convert.FromHexString(Addresses + received + Rest)));
        Assert.Equal(Addresses + sent + Rest, rig.Send(tci)[0].Hex);
    }

    /// <summary>A tag beside the bytes is the outer one; the tag inside them is payload.</summary>
    [Theory]
    [InlineData("", SendEntry.Untagged, "")]
    [InlineData("", 0x0064, "81000064")]
    [InlineData("81000065", 0x0065, "8100006581000065")]
    [InlineData("81000065", SendEntry.Untagged, "81000065")]
    public void AnOutOfBandTagLeavesTheBytesAlone(string received, int tci, string sent)
    {
        using EgressRig rig = new();
        Assert.True(rig.Receive(Convert.FromHexString(Addresses + received + Rest), outOfBandTci: 0x0064));
        Assert.Equal(Addresses + sent + Rest, rig.Send(tci)[0].Hex);
    }

    [Fact]
    public unsafe void ACopyWithItsOwnTagRefersToTheReceivedBytes()
    {
        using EgressRig rig = new();
        Assert.True(rig.Receive(Convert.FromHexString(Addresses + "81002064" + Rest)));
        rig.Send(tci: 0x2064);
        Assert.Equal(2, rig.Plan[0].SegmentCount);
        Assert.True(rig.Batch[0].Data == rig.Plan[0].Segments[1].Data);

        rig.Send(tci: 0x2065);
        Assert.Equal(3, rig.Plan[0].SegmentCount);
        Assert.True(rig.Batch[0].Data + 16 == rig.Plan[0].Segments[2].Data);
    }

    [Fact]
    public void EveryByteOfTheTailFollows()
    {
        byte[] bytes = [.. Convert.FromHexString(Addresses + "81000064" + Rest), .. EgressPacket.RandomBytes(new Random(1), 300)];
        using EgressRig rig = new();
        Assert.True(rig.Receive(bytes, cuts: [28, 29, 29, 100]));
        Assert.Equal(bytes, rig.Send(tci: 0x0064)[0].Bytes);
        Assert.Equal([.. bytes[..12], .. bytes[16..]], rig.Send(SendEntry.Untagged)[0].Bytes);
    }

    /// <summary>virtio 1.2 section 5.1.6: with VIRTIO_NET_F_MRG_RXBUF or VERSION_1 the header ends in num_buffers.</summary>
    [Theory]
    [InlineData(false, "01000000000022001000")]
    [InlineData(true, "010000000000220010000100")]
    public void TheFirstSegmentIsTheVirtioHeader(bool hasBufferCount, string expected)
    {
        EgressPacket packet = new();
        using EgressRig rig = new() { Plan = new SendPlan(hasBufferCount) };
        Assert.True(rig.Receive(packet.ToBytes(isPartial: true), packet.PartialChecksum));
        rig.Send(SendEntry.Untagged, OffloadSet.All);
        WireFrame wire = rig.Plan[0];
        Assert.Equal(expected, Convert.ToHexStringLower(HeaderOf(wire)));
        Assert.Equal(54, wire.Bytes);
    }

    private static unsafe ReadOnlySpan<byte> HeaderOf(WireFrame wire) => wire.Segments[0].Span;
}

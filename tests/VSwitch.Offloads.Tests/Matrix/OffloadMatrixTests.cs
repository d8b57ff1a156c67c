namespace VSwitch.Offloads.Tests;

/// <summary>
/// Every kind of port to every kind of port, with every offload and what may become of the tag: the receiver gets the right
/// bytes, and neither side had to be told to switch anything off.
/// </summary>
public sealed class OffloadMatrixTests(Fabric fabric) : IClassFixture<Fabric>
{
    private const string ScapyJudge = "../../VSwitch.Ports.Tests/Egress/egress_judge_scapy.py";

    public static TheoryData<string, string, string> Cells
    {
        get
        {
            var cells = new TheoryData<string, string, string>();
            foreach (string from in Fabric.Kinds)
            {
                foreach (string to in Fabric.Kinds)
                {
                    foreach (Passage passage in Passages.All)
                        cells.Add(from, to, passage.Name);
                }
            }
            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Delivers(string from, string to, string what)
    {
        Passage passage = Passages.Named(what);
        Assert.SkipUnless(passage.IsKnown, "The kernel's virtio header has no word for it.");

        List<Delivery> received = fabric.Carry(from, to, passage);

        Assert.Equal(fabric.Expect(from, to, passage).Select(Text), received.Select(Text));
    }

    /// <summary>What the matrix compares with is right: scapy cuts and completes each packet to the same bytes.</summary>
    [Fact]
    public void ScapyExpectsTheSame()
    {
        List<string> verdicts = EgressJudge.Ask(ScapyJudge, "", Passages.All.Select(passage => new
        {
            Frame = Hex(passage.Packet.ToBytes(isPartial: false)),
            Tci = passage.TciOut,
            passage.SegmentBytes,
            Pieces = passage.Complete(passage.TciOut).Select(piece => Hex(piece.Frame)),
        }));

        Assert.Equal(Passages.All.Count, verdicts.Count);
        Assert.All(verdicts, verdict => Assert.Equal("ok", verdict));
    }

    private static string Text(Delivery delivery) => delivery.ToString();

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}

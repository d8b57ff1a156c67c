using System.Runtime.InteropServices;
using System.Text.Json;
using VSwitch.Frames;

namespace VSwitch.Ports.Tests;

/// <summary>Others judge what the plan makes of a GSO frame: scapy builds the pieces itself, the kernel cuts the same frame.</summary>
public class EgressJudgedTests
{
    /// <summary>TUN_F_CSUM of linux/if_tun.h: the reader of the TAP takes partial checksums.</summary>
    private const int TunChecksum = 1;

    [Fact]
    public void ScapyMakesTheSamePieces()
    {
        var cases = Cases(200).Select(test => new
        {
            Frame = Convert.ToHexStringLower(test.Packet.ToBytes(isPartial: false)),
            Tci = test.SentTci,
            test.SegmentBytes,
            Pieces = test.Send(OffloadSet.None).Select(piece => piece.Hex),
        });
        List<string> verdicts = EgressJudge.Ask("egress_judge_scapy.py", "", cases);
        Assert.Equal(200, verdicts.Count);
        Assert.All(verdicts, verdict => Assert.Equal("ok", verdict));
    }

    /// <summary>Without offloads, and with partial checksums left to the reader.</summary>
    [Theory]
    [InlineData(OffloadSet.None, 0)]
    [InlineData(OffloadSet.Checksum, TunChecksum)]
    public void TheKernelCutsTheSamePieces(OffloadSet offloads, int tunOffloads)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Opening a TAP takes root.");
        // A GSO frame that fits one piece is none, and the kernel drops some of those.
        List<EgressCase> cases = [.. Cases(200)
            .Where(test => test.Packet.Payload.Length > test.SegmentBytes)
            .Select(test => test with { OutOfBandTci = SendEntry.Untagged, SentTci = test.Packet.Tci })];
        List<string> answers = EgressJudge.Ask("egress_judge_kernel.py", $"{tunOffloads}", cases.Select(test => new
        {
            Header = Hex(test.Packet.Gso(test.SegmentBytes)),
            Frame = Convert.ToHexStringLower(test.Packet.ToBytes(isPartial: true)),
        }));
        for (int i = 0; i < cases.Count; i++)
        {
            string[][] pieces = JsonSerializer.Deserialize<string[][]>(answers[i])!;
            List<SentFrame> ours = cases[i].Send(offloads);
            Assert.Equal(pieces.Select(piece => piece[1]), ours.Select(piece => piece.Hex));
            Assert.Equal(pieces.Select(piece => piece[0]), ours.Select(piece => Hex(piece.Offload)));
        }
    }

    private static IEnumerable<EgressCase> Cases(int count) => Enumerable.Range(10_000, count).Select(EgressCase.Random);

    private static string Hex(Offload offload) =>
        Convert.ToHexStringLower(MemoryMarshal.AsBytes(new ReadOnlySpan<Offload>(in offload)));
}

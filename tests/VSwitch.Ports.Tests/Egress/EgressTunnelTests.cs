using System.Buffers.Binary;
using VSwitch.Frames;
using VSwitch.Wire;

namespace VSwitch.Ports.Tests;

/// <summary>
/// GSO frames whose transport header lies inside a tunnel, which AF_PACKET passes on without a word about the tunnel. No receiver takes
/// them as they are; scapy says what their pieces are.
/// </summary>
public class EgressTunnelTests
{
    public static TheoryData<string> Kinds =>
        ["vxlan", "vxlan with checksum", "geneve", "gre", "gre with key", "gre with checksum", "ip in ip"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ScapyMakesTheSamePieces(string kind)
    {
        var cases = Enumerable.Range(0, 40).Select(seed =>
        {
            Case test = Case.Random(kind, seed);
            using EgressRig rig = new();
            Assert.True(rig.Receive(test.Tunnel.ToBytes(), test.Tunnel.Gso(test.SegmentBytes), cuts: test.Cuts));
            IEnumerable<string> pieces = rig.Send(test.SentTci).Select(piece => piece.Hex);
            return new { Frame = Convert.ToHexStringLower(test.Tunnel.ToBytes()), Tci = test.SentTci, test.SegmentBytes, Pieces = pieces };
        });
        List<string> verdicts = EgressJudge.Ask("egress_judge_scapy.py", "", cases);
        Assert.Equal(40, verdicts.Count);
        Assert.All(verdicts, verdict => Assert.Equal("ok", verdict));
    }

    /// <summary>Finished by the receiver, the pieces are those that are finished here, the outer checksum included.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void NobodyTakesATunnelWhole(string kind)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            Case test = Case.Random(kind, seed);
            using EgressRig rig = new();
            Assert.True(rig.Receive(test.Tunnel.ToBytes(), test.Tunnel.Gso(test.SegmentBytes), cuts: test.Cuts));
            List<SentFrame> finished = rig.Send(test.SentTci);
            List<SentFrame> pieces = rig.Send(test.SentTci, OffloadSet.All);
            Assert.All(pieces, piece => Assert.Equal(GsoType.None, piece.Offload.Gso));
            Assert.Equal(finished.Select(piece => piece.Hex), pieces.Select(Finish));
            Assert.Equal(2UL, rig.Counters.SoftwareSegmentations);
        }
    }

    [Fact]
    public unsafe void PayloadIsNotCopied()
    {
        EgressTunnel tunnel = EgressTunnel.Vxlan(new EgressPacket { Payload = new byte[10_000] }, hasChecksum: true);
        using EgressRig rig = new();
        Assert.True(rig.Receive(tunnel.ToBytes(), tunnel.Gso(1448)));
        rig.Send(SendEntry.Untagged);
        Assert.Equal(7, rig.Plan.Count);
        for (int i = 0; i < rig.Plan.Count; i++)
        {
            Assert.Equal(tunnel.PayloadOffset, rig.Plan[i].FrameSegments[0].Span.Length);
            Assert.True(rig.Batch[0].Data + tunnel.PayloadOffset + i * 1448 == rig.Plan[i].FrameSegments[1].Data);
        }
    }

    [Theory]
    [InlineData("a protocol whose header may have to change", "protocol")]
    [InlineData("GRE with sequence numbers", "sequence")]
    [InlineData("an outer fragment", "fragment")]
    [InlineData("an inner packet of another length", "length")]
    [InlineData("an inner packet of another protocol", "inner protocol")]
    [InlineData("inner extension headers", "extension")]
    public void WhatItsHeadersDoNotAllowIsDropped(string why, string change)
    {
        EgressPacket inner = new() { IsV6 = change == "extension", Payload = new byte[3000] };
        if (change == "extension")
            inner = inner with { Extension = [6, 0, 1, 4, 0, 0, 0, 0] };
        EgressTunnel tunnel = change == "sequence" ? EgressTunnel.GreWith(inner, 0x10) : EgressTunnel.Vxlan(inner, hasChecksum: false);
        byte[] bytes = tunnel.ToBytes();
        switch (change)
        {
            case "protocol":
                bytes[23] = IpProtocol.Esp;
                break;
            case "fragment":
                bytes[20] = 0x20;
                break;
            case "length":
                bytes[tunnel.Shift + inner.L3Offset + 3]++;
                break;
            case "inner protocol":
                bytes[tunnel.Shift + inner.L3Offset + 9] = IpProtocol.Udp;
                break;
        }

        foreach (OffloadSet offloads in (OffloadSet[])[OffloadSet.None, OffloadSet.All])
        {
            using EgressRig rig = new();
            Assert.True(rig.Receive(bytes, tunnel.Gso(1000)), why);
            Assert.Empty(rig.Send(SendEntry.Untagged, offloads));
            Assert.Equal(1UL, rig.Counters.Drops(DropReason.Unsegmentable));
        }
    }

    /// <summary>A guest whose memory holds the frame writes on after the frame has been found valid.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void BytesThatChangeAfterTheyWereParsedAreSafe(string kind)
    {
        for (int seed = 0; seed < 500; seed++)
        {
            Case test = Case.Random(kind, seed);
            Random random = new(seed);
            byte[] bytes = test.Tunnel.ToBytes();
            using EgressRig rig = new();
            Assert.True(rig.Receive(bytes, test.Tunnel.Gso(test.SegmentBytes), cuts: test.Tunnel.PayloadOffset));
            for (int changes = random.Next(1, 4); changes > 0; changes--)
                bytes[random.Next(12, test.Tunnel.PayloadOffset)] = (byte)random.Next(0x100);
            rig.OverwriteHead(bytes.AsSpan(0, test.Tunnel.PayloadOffset));
            int sent = rig.Send(test.SentTci).Count + rig.Send(test.SentTci, OffloadSet.All).Count;
            Assert.True(sent > 0 || rig.Counters.Drops(DropReason.Unsegmentable) == 2);
        }
    }

    /// <summary>The piece as its receiver finishes it, in hexadecimal.</summary>
    private static string Finish(SentFrame piece)
    {
        Assert.Equal(OffloadFlags.NeedsChecksum, piece.Offload.Flags);
        byte[] bytes = [.. piece.Bytes];
        int start = piece.Offload.ChecksumStart;
        ushort checksum = Checksum.Complete(Checksum.SumPlain(bytes.AsSpan(start)));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(start + piece.Offload.ChecksumOffset), checksum == 0 ? ushort.MaxValue : checksum);
        return Convert.ToHexStringLower(bytes);
    }

    private sealed record Case(EgressTunnel Tunnel, int SegmentBytes, int SentTci, int[] Cuts)
    {
        public static Case Random(string kind, int seed)
        {
            Random random = new(seed);
            EgressPacket inner = EgressPacket.Random(random, payloadBytesMax: 60_000);
            inner = inner with
            {
                Extension = inner.IsV6 ? [] : inner.Extension,
                Payload = [.. inner.Payload, .. EgressPacket.RandomBytes(random, 300)],
            };
            EgressTunnel tunnel = EgressTunnel.Of(kind, inner) with
            {
                IsV6 = random.Next(2) == 0,
                Tci = random.Next(2) == 0 ? SendEntry.Untagged : random.Next(0x10000),
                Identification = (ushort)random.Next(0x10000),
            };
            int segmentBytes = Math.Min(random.Next(300, 9000), inner.Payload.Length - 1);
            int[] cuts = [.. Enumerable.Range(0, random.Next(4)).Select(_ => tunnel.PayloadOffset + random.Next(inner.Payload.Length + 1)).Order()];
            return new Case(tunnel, segmentBytes, random.Next(2) == 0 ? SendEntry.Untagged : random.Next(0x10000), cuts);
        }
    }
}

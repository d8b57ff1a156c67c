using System.Buffers.Binary;
using VSwitch.Policy;
using VSwitch.Wire;

namespace VSwitch.Integration.Tests.AccessLists;

/// <summary>
/// nftables judges our access lists: the same list and the same frames, once on a Linux bridge and once in the classifier,
/// give the same verdict for every frame and the same count for every entry.
/// </summary>
public sealed class NftablesTests : IDisposable
{
    private const int FrameCount = 4000;
    private const int IdentificationOffset = 18;

    private readonly Laboratory _lab = new();
    private readonly Wire _wire;

    public NftablesTests()
    {
        string ends = _lab.AddNamespace("ends");
        foreach (string name in new[] { "near", "far" })
        {
            Shell.Run("ip", "link", "add", name, "netns", ends, "type", "veth", "peer", "name", name, "netns", _lab.Fabric);
            Shell.Run("ip", "-n", _lab.Fabric, "link", "set", name, "up", "master", "br0");
            Shell.Run("ip", "-n", ends, "link", "set", name, "up");
        }
        _wire = new Wire(ends, "near", "far");
    }

    public void Dispose()
    {
        _wire.Dispose();
        _lab.Dispose();
    }

    [Theory]
    [InlineData(31, 40)]
    [InlineData(38, 70)]
    [InlineData(63, 150)]
    [InlineData(53, 600)]
    public void The_bridge_gives_the_same_verdicts_and_counts(int seed, int entryCount)
    {
        var traffic = new RandomTraffic(seed);
        AccessListConfig config = traffic.List(entryCount);
        byte[][] frames = [.. Enumerable.Range(0, FrameCount).Select(number => traffic.Frame((ushort)number))];

        (int[] permitted, long[] matches) = Ours(config, frames);
        Nftables.Load(_lab.Fabric, config);
        int[] arrived = SendThroughBridge(frames);

        Assert.Equal(arrived, permitted);
        Assert.Equal(Nftables.ReadCounters(_lab.Fabric, config), matches);
        Assert.InRange(permitted.Length, FrameCount / 20, FrameCount * 19 / 20);
    }

    /// <summary>The numbers of the frames that the list permits, and what each entry matched.</summary>
    private static (int[] Permitted, long[] Matches) Ours(AccessListConfig config, byte[][] frames)
    {
        AccessListSnapshot list = AccessListSnapshot.Compile(config);
        var cache = new FlowCache();
        var permitted = new List<int>();
        long[] matches = new long[list.EntryCount + 1];
        for (int i = 0; i < frames.Length; i++)
        {
            Assert.True(FrameParser.TryParse(frames[i], out FrameHeaders headers));
            int entry = cache.Match(list, in headers);
            matches[entry]++;
            if (list.Permits(entry))
                permitted.Add(i);
        }
        return ([.. permitted], matches);
    }

    /// <summary>The numbers of the frames that came out on the other side.</summary>
    private int[] SendThroughBridge(byte[][] frames)
    {
        byte[] last = Ether.Frame("02:00:00:00:00:02", "02:00:00:00:00:01", number: 1);
        foreach (byte[] frame in frames.Append(last))
            _wire.Send(frame);
        IReadOnlyList<byte[]> arrived = _wire.ReceiveUntil(frame => frame.AsSpan().SequenceEqual(last));
        Assert.Empty(_wire.Complaints);
        return [.. arrived.Where(IsIpv4).Select(frame => (int)BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(IdentificationOffset)))];
    }

    private static bool IsIpv4(byte[] frame) => frame.AsSpan(12, 2).SequenceEqual((ReadOnlySpan<byte>)[0x08, 0x00]);
}

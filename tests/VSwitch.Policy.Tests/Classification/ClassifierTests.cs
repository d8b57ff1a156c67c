using VSwitch.Wire;

namespace VSwitch.Policy.Tests;

/// <summary>The classifier finds the entry that trying <see cref="AccessEntryRules"/> on one entry after the other finds.</summary>
public sealed class ClassifierTests
{
    private const int FramesPerList = 2000;

    /// <summary>None, one block, whole blocks, just more, just indexed, and just more than one chunk of candidates.</summary>
    private static readonly int[] EdgeCounts = [0, 1, 15, 16, 17, 32, 33, 64, 65, 80, 512, 513, 1030];

    [Fact]
    public void Every_length_of_list_gives_the_entry_that_the_rules_give()
    {
        foreach (int entryCount in EdgeCounts)
            Compare(new RandomAccessLists(entryCount), lists => lists.List(entryCount));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_lists_give_the_entry_that_the_rules_give(int seed)
    {
        var lengths = new Random(seed);
        for (int i = 0; i < 25; i++)
            Compare(new RandomAccessLists(seed * 100 + i), lists => lists.List(lengths.Next(301)));
    }

    [Fact]
    public void A_list_with_more_cuts_than_rows_gives_the_entry_that_the_rules_give()
    {
        Compare(new RandomAccessLists(5), lists => lists.Hosts(7000));
    }

    [Fact]
    public void What_is_not_IPv4_is_none_of_its_business_unless_it_claims_to_be()
    {
        AccessListSnapshot list = AccessListSnapshot.Compile(new RandomAccessLists(6).List(100));
        var ipv6 = new FrameHeaders { IpVersion = 6, EtherType = EtherType.Ipv6 };
        var malformed = new FrameHeaders { EtherType = EtherType.Ipv4, Flags = ParseFlags.Ipv4Malformed };

        Assert.Equal(AccessListSnapshot.NotIpv4, list.Match(in ipv6));
        Assert.True(list.Permits(AccessListSnapshot.NotIpv4));
        Assert.Equal(list.EntryCount, list.Match(in malformed));
        Assert.False(list.Permits(list.EntryCount));
    }

    [Fact]
    public void The_memory_of_a_long_list_is_bounded()
    {
        AccessListConfig config = new RandomAccessLists(7).Hosts(10_000);
        AccessListSnapshot.Compile(new RandomAccessLists(7).Hosts(100));

        long before = GC.GetAllocatedBytesForCurrentThread();
        AccessListSnapshot list = AccessListSnapshot.Compile(config);
        long compileBytes = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(10_000, list.EntryCount);
        Assert.InRange(compileBytes, 1, 64 << 20);
    }

    private static void Compare(RandomAccessLists lists, Func<RandomAccessLists, AccessListConfig> make)
    {
        AccessListConfig config = make(lists);
        AccessListSnapshot list = AccessListSnapshot.Compile(config);
        AccessEntry[] entries = [.. config.Entries.Where(entry => entry.Remark is null)];
        Assert.Equal(entries.Length, list.EntryCount);
        for (int i = 0; i < FramesPerList; i++)
        {
            FrameHeaders headers = lists.Headers(config);
            int expected = Array.FindIndex(entries, entry => AccessEntryRules.Matches(entry, in headers));
            expected = expected >= 0 ? expected : entries.Length;
            int found = list.Match(in headers);
            Assert.True(expected == found, $"Entry {expected}, not {found}, of {entries.Length} matches {Text(headers)}; entry {expected}: {TextOf(entries, expected)}");
            Assert.Equal(expected < entries.Length && entries[expected].Action == AccessAction.Permit, list.Permits(found));
        }
    }

    private static string TextOf(AccessEntry[] entries, int entry) => entry < entries.Length ? AccessEntryText.Of(entries[entry]) : "implicit deny";

    private static string Text(FrameHeaders headers) =>
        $"protocol {headers.Protocol} {new Ipv4Address(headers.Ipv4Source)} {headers.SourcePort} {new Ipv4Address(headers.Ipv4Destination)} {headers.DestinationPort}"
        + $" dscp {headers.Dscp} type {headers.IcmpType} {headers.TcpFlags} {headers.Flags} L4 at {headers.L4Offset}";
}

using VSwitch.Wire;

namespace VSwitch.Policy.Tests;

/// <summary>A cache never answers what the list would not, whatever it saw before.</summary>
public sealed class FlowCacheTests
{
    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(0U)]
    public void Several_lists_share_a_cache(uint hashBits)
    {
        // With hashBits 0 every flow has the same flow hash, as if a sender had found collisions.
        var random = new RandomAccessLists(11);
        AccessListConfig[] configs = [random.List(0), random.List(10), random.List(100), random.List(300)];
        AccessListSnapshot[] lists = [.. configs.Select(AccessListSnapshot.Compile)];
        var cache = new FlowCache();
        for (int i = 0; i < 50_000; i++)
        {
            FrameHeaders headers = random.Headers(configs[i % configs.Length]);
            headers.FlowHash &= hashBits;
            foreach (AccessListSnapshot list in lists)
            {
                Assert.Equal(list.Match(in headers), cache.Match(list, in headers));
                Assert.Equal(list.Match(in headers), cache.Match(list, in headers));
            }
        }
    }

    [Fact]
    public void A_list_compiled_anew_is_asked_anew()
    {
        // More lists than slots: some list's answer is sure to lie where another list looks for the same flow.
        AccessEntry matches = new() { Sequence = 10 }, differs = new() { Sequence = 10, Protocol = IpProtocol.Udp };
        var cache = new FlowCache();
        var headers = new FrameHeaders { IpVersion = 4, Protocol = IpProtocol.Tcp };
        for (int i = 0; i < 10_000; i++)
        {
            AccessListSnapshot list = AccessListSnapshot.Compile(new AccessListConfig { Name = "a", Entries = [i % 2 == 0 ? matches : differs] });
            Assert.Equal(i % 2, cache.Match(list, in headers));
        }
    }

    [Fact]
    public void What_is_not_IPv4_goes_past_the_cache()
    {
        var cache = new FlowCache();
        AccessListSnapshot list = AccessListSnapshot.Compile(new AccessListConfig { Name = "a", Entries = [new AccessEntry { Sequence = 10 }] });
        var zero = new FrameHeaders { IpVersion = 4 };
        var ipv6 = new FrameHeaders { IpVersion = 6 };
        var malformed = new FrameHeaders { Flags = ParseFlags.Ipv4Malformed };

        Assert.Equal(0, cache.Match(list, in zero));
        Assert.Equal(AccessListSnapshot.NotIpv4, cache.Match(list, in ipv6));
        Assert.Equal(list.EntryCount, cache.Match(list, in malformed));
    }

    [Fact]
    public void Hits_and_misses_allocate_nothing()
    {
        var random = new RandomAccessLists(12);
        AccessListConfig config = random.List(300);
        AccessListSnapshot list = AccessListSnapshot.Compile(config);
        FrameHeaders[] frames = [.. Enumerable.Range(0, 10_000).Select(_ => random.Headers(config))];
        var cache = new FlowCache();
        cache.Match(list, in frames[0]);

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int round = 0; round < 3; round++)
            {
                foreach (ref FrameHeaders frame in frames.AsSpan())
                    cache.Match(list, in frame);
            }
        }));
    }
}

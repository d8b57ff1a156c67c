using System.Text.Json;

namespace VSwitch.Linux.Tests;

/// <summary>Compares what we hear about netdevs with what iproute2 prints.</summary>
public sealed class RouteSocketTests : IDisposable
{
    private readonly TestNamespace _namespace = new();
    private readonly RouteSocket _links;

    public RouteSocketTests()
    {
        _namespace.Ip("link add one type veth peer name two");
        _links = NetworkNamespace.Run(_namespace.Name, () => new RouteSocket());
    }

    [Fact]
    public void ListsTheNetdevsThatIpLists()
    {
        _namespace.Ip("link set one mtu 1400");

        Assert.Equal(FromIp(), _links.Links().Select(Summary));
    }

    [Fact]
    public void FindsANetdevByNameOrNot()
    {
        Assert.Equal("two", _links.Find("two")!.Name);
        Assert.Null(_links.Find("three"));
    }

    [Fact]
    public void ChangesState()
    {
        int index = _links.Find("one")!.Index;
        _links.SetUp(_links.Find("two")!.Index, up: true);

        _links.SetUp(index, up: true);
        _links.SetMtu(index, 2000);
        _links.SetAddress(index, 0x02_11_22_33_44_55);

        Assert.Contains("mtu 2000", _namespace.Ip("link show one"), StringComparison.Ordinal);
        Assert.Contains("link/ether 02:11:22:33:44:55", _namespace.Ip("link show one"), StringComparison.Ordinal);
        LinkInfo link = _links.Find("one")!;
        Assert.True(link.IsUp && link.HasCarrier);
        Assert.Equal(0x02_11_22_33_44_55UL, link.Address);
        Assert.Equal(2000, link.MtuBytes);

        _links.SetUp(index, up: false);
        Assert.False(_links.Find("one")!.IsUp);
        Assert.Contains("state DOWN", _namespace.Ip("link show one"), StringComparison.Ordinal);
    }

    [Fact]
    public void SaysWhatFailedOnWhat()
    {
        var exception = Assert.Throws<LinuxException>(() => _links.SetMtu(12345, 1500));

        Assert.Equal(Errno.ENODEV, exception.Errno);
        Assert.Equal("set the MTU of netdev 12345: No such device (errno 19)", exception.Message);
    }

    [Fact]
    public void KnowsWhichNetdevCarriesAddresses()
    {
        int one = _links.Find("one")!.Index;
        int two = _links.Find("two")!.Index;
        _namespace.Ip("addr add 10.1.2.3/24 dev two");

        Assert.False(_links.HasAddresses(one));
        Assert.True(_links.HasAddresses(two));
    }

    [Fact]
    public void HearsOfChanges()
    {
        using LinkMonitor monitor = NetworkNamespace.Run(_namespace.Name, () => new LinkMonitor());
        var changes = new List<LinkChange>();
        Assert.True(monitor.Read(changes));
        Assert.Empty(changes);

        _namespace.Ip("link set one up");
        _namespace.Ip("link del one");

        Assert.True(Poll.WaitReadable(monitor.Handle, 5000));
        Assert.True(monitor.Read(changes));
        Assert.Contains(changes, change => change is { IsGone: false, Link: { Name: "one", IsUp: true } });
        Assert.Contains(changes, change => change is { IsGone: true, Link.Name: "one" });
        Assert.Contains(changes, change => change is { IsGone: true, Link.Name: "two" });
    }

    [Fact]
    public void DoesNotTakeABridgePortForADeletedNetdev()
    {
        _namespace.Ip("link add br0 type bridge");
        _namespace.Ip("link set one master br0");
        using LinkMonitor monitor = NetworkNamespace.Run(_namespace.Name, () => new LinkMonitor());

        _namespace.Ip("link set one nomaster");

        var changes = new List<LinkChange>();
        Assert.True(Poll.WaitReadable(monitor.Handle, 5000));
        Assert.True(monitor.Read(changes));
        Assert.DoesNotContain(changes, change => change.IsGone);
        Assert.NotEmpty(changes);
    }

    public void Dispose()
    {
        _links.Dispose();
        _namespace.Dispose();
    }

    private static string Summary(LinkInfo link)
    {
        string address = string.Join(':', link.Address.ToString("x12").Chunk(2).Select(pair => new string(pair)));
        return $"{link.Index} {link.Name} {address} {link.MtuBytes} {link.IsUp} {link.HasCarrier} {link.OperationalState}";
    }

    private IEnumerable<string> FromIp()
    {
        using JsonDocument document = JsonDocument.Parse(_namespace.Ip("-j link show"));
        foreach (JsonElement link in document.RootElement.EnumerateArray())
        {
            string[] flags = link.GetProperty("flags").EnumerateArray().Select(flag => flag.GetString()!).ToArray();
            int state = link.GetProperty("operstate").GetString() switch
            {
                "DOWN" => 2,
                _ => 0,
            };
            yield return $"{link.GetProperty("ifindex")} {link.GetProperty("ifname")} {link.GetProperty("address")} "
                + $"{link.GetProperty("mtu")} {flags.Contains("UP")} {flags.Contains("LOWER_UP")} {state}";
        }
    }
}

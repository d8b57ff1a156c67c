namespace VSwitch.Ports.Tests;

/// <summary>How many frames wait in a TAP netdev, and who decides that.</summary>
public sealed class TapQueueLengthTests : IDisposable
{
    private const double Idle = 0;
    private const double Calm = 0.9;
    private const double Loaded = 0.92;
    private const double Overloaded = 0.96;

    private readonly TestNamespace _namespace = new();

    [Fact]
    public void IsShortWhileTheWorkerIsOverloaded()
    {
        TapPort port = OpenStarted(new TapOptions { Name = "eth0" });
        Assert.Equal(10_000, Length());

        Overfill();
        port.AdjustToLoad(Overloaded);
        port.AdjustToLoad(Loaded);
        Overfill();
        port.AdjustToLoad(Overloaded);
        Assert.Equal(10_000, Length());
        Overfill();
        port.AdjustToLoad(Overloaded);
        Assert.Equal(1_001, Length());

        port.AdjustToLoad(Calm);
        port.AdjustToLoad(Loaded);
        port.AdjustToLoad(Calm);
        Assert.Equal(1_001, Length());
        port.AdjustToLoad(Idle);
        Assert.Equal(10_000, Length());
        port.Close();
    }

    [Fact]
    public void IsShortForLongerWhenOverloadComesAgain()
    {
        TapPort port = OpenStarted(new TapOptions { Name = "eth0" });

        Assert.Equal([2, 4, 8, 16, 32, 64, 64], Enumerable.Range(0, 7).Select(_ => CountShortSeconds()));
        Wait(port, 64, Calm);
        Assert.Equal(2, CountShortSeconds());
        port.Close();

        int CountShortSeconds()
        {
            Overload(port);
            int seconds = 0;
            for (; Length() == 1_001; seconds++)
                port.AdjustToLoad(Calm);
            return seconds;
        }
    }

    /// <summary>A worker that has just as much to do as it can, such as with a few TCP flows, finds no queue full.</summary>
    [Fact]
    public void IsLongWhileNothingIsLost()
    {
        TapPort port = OpenStarted(new TapOptions { Name = "eth0" });

        Wait(port, 10, 1.0);
        Assert.Equal(10_000, Length());

        Overfill();
        port.AdjustToLoad(Loaded);
        Wait(port, 10, 1.0);
        Assert.Equal(10_000, Length());
        port.Close();
    }

    [Theory]
    [InlineData(77)]
    [InlineData(1_000)]
    [InlineData(20_000)]
    public void IsItsOwnersWhenHeSetsIt(int frames)
    {
        TapPort port = OpenStarted(new TapOptions { Name = "eth0" });
        _namespace.Ip($"link set eth0 txqueuelen {frames}");

        Overload(port);
        Assert.Equal(frames, Length());
        Wait(port, 70, Idle);
        Assert.Equal(frames, Length());
        port.Close();
    }

    [Fact]
    public void IsItsOwnersWhenHeSetsItUnderOverload()
    {
        TapPort port = OpenStarted(new TapOptions { Name = "eth0" });
        Overload(port);
        _namespace.Ip("link set eth0 txqueuelen 300");

        Wait(port, 70, Idle);

        Assert.Equal(300, Length());
        port.Close();
    }

    /// <summary>A VEM that was killed may have left it short.</summary>
    [Theory]
    [InlineData(10_000, true, 10_000)]
    [InlineData(1_001, true, 10_000)]
    [InlineData(1_000, true, 1_000)]
    [InlineData(500, true, 500)]
    [InlineData(1_001, false, 1_001)]
    [InlineData(500, false, 500)]
    public void IsLongAgainAfterARestart(int found, bool isOurs, int after)
    {
        OpenStarted(new TapOptions { Name = "eth0", IsPersistent = true }).Close();
        _namespace.Ip($"link set eth0 txqueuelen {found}");

        TapPort port = OpenStarted(new TapOptions { Name = "eth0", IsPersistent = true, IsOurs = isOurs });

        Assert.Equal(after, Length());
        Overload(port);
        Assert.Equal(after == 10_000 ? 1_001 : after, Length());
        port.Remove();
    }

    [Theory]
    [InlineData("tuntap add mode tap name eth0 vnet_hdr", 10_000)]
    [InlineData("tuntap add mode tap name eth0 vnet_hdr multi_queue", 1_000)]
    public void IsLeftAloneWhereItIsNotOurs(string made, int frames)
    {
        _namespace.Ip(made);
        _namespace.Ip($"link set eth0 txqueuelen {frames}");
        TapPort port = OpenStarted(new TapOptions { Name = "eth0" });

        Overload(port);

        Assert.Equal(frames, Length());
        port.Close();
    }

    [Fact]
    public void FollowsANetdevThatIsGone()
    {
        TapPort port = OpenStarted(new TapOptions { Name = "eth0" });
        Overfill();
        _namespace.Ip("link del eth0");

        Wait(port, 20, 1.0);
        Wait(port, 70, Idle);

        port.RefreshLink();
        Assert.False(port.IsLinkUp);
        port.Close();
        port.AdjustToLoad(1.0);
    }

    public void Dispose() => _namespace.Dispose();

    private TapPort OpenStarted(TapOptions options)
    {
        TapPort port = TapPort.Open(options with { Namespace = _namespace.Name });
        port.Start();
        return port;
    }

    private static void Wait(TapPort port, int seconds, double load)
    {
        for (int i = 0; i < seconds; i++)
            port.AdjustToLoad(load);
    }

    private void Overload(TapPort port)
    {
        for (int second = 0; second < 2; second++)
        {
            Overfill();
            port.AdjustToLoad(Overloaded);
        }
    }

    /// <summary>Sends until frames find the queue full, which nobody empties.</summary>
    private void Overfill()
    {
        using var peer = new RawPeer(_namespace, "eth0");
        int before = CountDropped();
        while (CountDropped() == before)
        {
            for (int i = 0; i < 100; i++)
                peer.Send(TestFrames.Plain());
        }
    }

    private int Length() => int.Parse(_namespace.Run("cat /sys/class/net/eth0/tx_queue_len"));

    private int CountDropped() => int.Parse(_namespace.Run("cat /sys/class/net/eth0/statistics/tx_dropped"));
}

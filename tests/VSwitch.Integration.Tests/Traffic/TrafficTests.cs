namespace VSwitch.Integration.Tests.Traffic;

/// <summary>What any user tries first: ping, TCP with default offloads, IPv6, jumbo frames, isolation.</summary>
public sealed class TrafficTests(TrafficLab lab) : LabTest(lab.Lab, isOwner: false), IClassFixture<TrafficLab>
{
    [Fact]
    public void PingsOnOneHostAndAcross()
    {
        Assert.True(lab.Here.CanPing(lab.Beside));
        Assert.True(lab.Here.CanPing(lab.Away));
        Assert.True(lab.Away.CanPing(lab.Beside));
        Assert.True(lab.Here.CanPing(lab.Beside.Address6));
        Assert.True(lab.Here.CanPing(lab.Away.Address6));
    }

    [Fact]
    public void IsolatesVlans()
    {
        Assert.True(lab.Alien.CanPing(lab.AlienAway));
        Assert.True(lab.Here.CannotPing(lab.Alien));
        Assert.True(lab.Here.CannotPing(lab.AlienAway));
        Assert.True(lab.Alien.CannotPing(lab.Away.Address6));
    }

    /// <summary>Nobody has typed <c>ethtool -K</c>: segments of up to 64 KB with partial checksums are on their way.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TcpArrivesByteForByteOnOneHost(bool ipv6)
    {
        lab.Here.SendTcp(lab.Beside, ipv6: ipv6);
        lab.Beside.SendTcp(lab.Here, ipv6: ipv6);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TcpArrivesByteForByteAcrossHosts(bool ipv6)
    {
        lab.Here.SendTcp(lab.Away, ipv6: ipv6);
        lab.Away.SendTcp(lab.Here, ipv6: ipv6);
    }

    [Fact]
    public void GsoFramesCrossTheSwitchWhole()
    {
        string before = lab.Lab.Hosts[0].Vemcmd("show", "port", "offloads");
        lab.Here.SendTcp(lab.Beside);

        // Both are TAPs: nothing is to be segmented or checksummed in software between them.
        Assert.Equal(before, lab.Lab.Hosts[0].Vemcmd("show", "port", "offloads"));
    }

    [Fact]
    public void JumboFramesPassEndToEnd()
    {
        // 8,972 bytes of ICMP payload fill an IPv4 packet of 9,000; -M do forbids fragments.
        Endpoint[] all = [lab.Here, lab.Beside, lab.Away];
        foreach (Endpoint endpoint in all)
            endpoint.SetUp(mtuBytes: 9000);
        try
        {
            Wait.Until(() => CanPing(lab.Beside, 8972), "jumbo frames on one host");
            Wait.Until(() => CanPing(lab.Away, 8972), "jumbo frames across hosts");
            lab.Here.SendTcp(lab.Away);
        }
        finally
        {
            foreach (Endpoint endpoint in all)
                endpoint.SetUp();
        }
    }

    [Fact]
    public void FramesLongerThanThePortOfTheReceiverAreDroppedByName()
    {
        LabHost host = lab.Lab.Hosts[0];
        long before = host.ReadDrops()[lab.Beside.ShortInterface, "mtu-exceeded"];
        lab.Here.SetUp(mtuBytes: 9000);
        try
        {
            // The netdev is in another namespace, where the switch looks at its MTU every few seconds only.
            Wait.Until(() => !CanPing(lab.Beside, 2000), "the MTU of the receiver to be respected");
            Assert.True(host.ReadDrops()[lab.Beside.ShortInterface, "mtu-exceeded"] > before, host.Vemcmd("show", "port-drops"));
        }
        finally
        {
            lab.Here.SetUp();
        }
    }

    /// <param name="payloadBytes">Of ICMP; the IPv4 packet has 28 bytes more and is not to be fragmented.</param>
    private bool CanPing(Endpoint other, int payloadBytes) =>
        lab.Here.Try("ping", "-c", "1", "-W", "1", "-M", "do", "-s", $"{payloadBytes}", other.Address).ExitCode == 0;
}

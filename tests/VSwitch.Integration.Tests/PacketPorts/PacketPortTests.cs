namespace VSwitch.Integration.Tests.PacketPorts;

/// <summary>
/// Endpoints behind a netdev that somebody else made. (That tags are restored is shown with the trunks.)
/// </summary>
public sealed class PacketPortTests(PacketPortLab lab) : LabTest(lab.Lab, isOwner: false), IClassFixture<PacketPortLab>
{
    [Fact]
    public void Pings()
    {
        Assert.True(lab.Packet.CanPing(lab.Tap));
        Assert.True(lab.Packet.CanPing(lab.Packet2));
        Assert.True(lab.Packet.CanPing(lab.Away));
        Assert.True(lab.Packet.CanPing(lab.Tap.Address6));
        Assert.True(lab.Packet.CanPing(lab.Away.Address6));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TcpArrivesByteForByte(bool ipv6)
    {
        lab.Packet.SendTcp(lab.Tap, ipv6: ipv6);
        lab.Tap.SendTcp(lab.Packet, ipv6: ipv6);
        lab.Packet.SendTcp(lab.Packet2, ipv6: ipv6);
        lab.Packet.SendTcp(lab.Away, ipv6: ipv6);
    }

    /// <summary>A veth takes 64 KB segments from a tunnel's netdev, and whoever reads them here is not told that they are in a tunnel.</summary>
    [Theory]
    [InlineData("packet", false)]
    [InlineData("packet", true)]
    [InlineData("tap", false)]
    [InlineData("tap", true)]
    [InlineData("away", false)]
    [InlineData("away", true)]
    public void TcpArrivesByteForByteThroughVxlan(string receiver, bool ipv6)
    {
        Endpoint other = receiver switch
        {
            "packet" => lab.Packet2,
            "tap" => lab.Tap,
            _ => lab.Away,
        };
        Endpoint here = lab.Packet.AddVxlan(other, ipv6, "10.3.9.1/24");
        Endpoint there = other.AddVxlan(lab.Packet, ipv6, "10.3.9.2/24");
        try
        {
            here.WaitForPing(there);
            here.SendTcp(there, megabytes: 8);
            there.SendTcp(here, megabytes: 8);
        }
        finally
        {
            Shell.Run("ip", "-n", here.Netns, "link", "del", here.Device);
            Shell.Run("ip", "-n", there.Netns, "link", "del", there.Device);
        }
    }

    /// <summary>An address of the host on the attached netdev is out of reach, and the host's IP layer sees no packet at all.</summary>
    [Fact]
    public void TheHostsStackGetsNothing()
    {
        const string address = "10.3.0.99";
        Shell.Run("ip", "-n", lab.Host.Netns, "addr", "add", $"{address}/24", "dev", lab.Packet.HostDevice!);
        try
        {
            long before = PacketsToHost();
            Assert.True(lab.Packet.CannotPing(address));
            Assert.True(lab.Tap.CannotPing(address));
            Assert.True(lab.Packet.CanPing(lab.Tap));
            lab.Packet.SendTcp(lab.Tap, megabytes: 4);

            Assert.Equal(before, PacketsToHost());
            Assert.Empty(Shell.Run("ip", "-n", lab.Host.Netns, "neigh", "show", "nud", "reachable", "dev", lab.Packet.HostDevice!));
        }
        finally
        {
            Shell.Run("ip", "-n", lab.Host.Netns, "addr", "del", $"{address}/24", "dev", lab.Packet.HostDevice!);
        }
    }

    [Fact]
    public void TheHostsFirewallDoesNotMatter()
    {
        Assert.SkipWhen(Shell.Try("sh", "-c", "command -v nft").ExitCode != 0, "nft is not installed");
        string[] inside = ["netns", "exec", lab.Host.Netns, "nft"];
        Shell.Run("ip", [.. inside, "add", "table", "inet", "wall"]);
        try
        {
            foreach (string hook in (string[])["prerouting", "input", "forward", "output", "postrouting"])
                Shell.Run("ip", [.. inside, "add", "chain", "inet", "wall", hook, $"{{ type filter hook {hook} priority 0 ; policy drop ; }}"]);
            Assert.True(lab.Packet.CanPing(lab.Tap));
            Assert.True(lab.Packet.CanPing(lab.Away));
            lab.Tap.SendTcp(lab.Packet, megabytes: 4);
        }
        finally
        {
            Shell.Run("ip", [.. inside, "delete", "table", "inet", "wall"]);
        }
    }

    /// <summary>Detached, the netdev is the host's again.</summary>
    [Fact]
    public void DetachingGivesTheNetdevBack()
    {
        Endpoint endpoint = Lab.AddPacketEndpoint(lab.Host, "passing", "ten", "10.3.0.5/24");
        Assert.True(endpoint.CanPing(lab.Tap));

        lab.Host.Detach(endpoint);
        Shell.Run("ip", "-n", lab.Host.Netns, "addr", "add", "10.3.0.98/24", "dev", endpoint.HostDevice!);
        Shell.Run("ip", "-n", lab.Host.Netns, "link", "set", endpoint.HostDevice!, "up");
        Wait.Until(() => endpoint.CanPing("10.3.0.98"), "the host's stack to answer");
        Assert.True(endpoint.CannotPing(lab.Tap));
        Assert.DoesNotContain(endpoint.HostDevice!, lab.Host.Vemcmd("show", "port"), StringComparison.Ordinal);
    }

    /// <summary>What the host can do no more is said to whoever attaches, and in the log.</summary>
    [Fact]
    public void TakingANetdevFromItsHostIsSaid()
    {
        Endpoint endpoint = Lab.AddPacketEndpoint(lab.Host, "mine", "ten", "10.3.0.6/24");
        string netdev = endpoint.HostDevice!;
        lab.Host.Detach(endpoint);
        Shell.Run("ip", "-n", lab.Host.Netns, "addr", "add", "10.77.0.1/24", "dev", netdev);

        ShellResult attached = lab.Host.TryAttach(endpoint, "ten");

        Assert.Equal((VswExit.Done, $"vemcmd: {netdev} carries IP addresses of the host, which can use them no more.\n"), (attached.ExitCode, attached.Error));
    }

    /// <summary>IPv4 and IPv6 packets that the host's IP layer has received; the VEM and its VSM talk by a socket file.</summary>
    private long PacketsToHost()
    {
        string ipv4 = Shell.Run("ip", "netns", "exec", lab.Host.Netns, "sh", "-c", "grep '^Ip: [0-9]' /proc/net/snmp").Split(' ')[3];
        string ipv6 = Shell.Run("ip", "netns", "exec", lab.Host.Netns, "sh", "-c", "grep Ip6InReceives /proc/net/snmp6").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1];
        return long.Parse(ipv4) + long.Parse(ipv6);
    }
}

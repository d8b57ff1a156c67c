using System.Text.RegularExpressions;

namespace VSwitch.Integration.Tests.AccessLists;

/// <summary>Access lists on real connections: both verdicts, both directions, and every entry's counter.</summary>
public sealed partial class AccessListTests(AccessListLab lab) : LabTest(lab.Lab, isOwner: false), IClassFixture<AccessListLab>
{
    [Fact]
    public void InboundDeniesAndPermitsAndCountsBoth()
    {
        (long denied, long permitted) = (Matches("no-telnet", 10), Matches("no-telnet", 20));
        long dropped = Lab.Hosts[0].ReadDrops()[lab.NoTelnet.ShortInterface, "acl-in"];

        Assert.True(lab.NoTelnet.CannotConnect(lab.Open, 23));
        long deniedAfter = Matches("no-telnet", 10);
        Assert.True(deniedAfter > denied);
        Assert.Equal(deniedAfter - denied, Lab.Hosts[0].ReadDrops()[lab.NoTelnet.ShortInterface, "acl-in"] - dropped);

        Assert.True(lab.NoTelnet.CanConnect(lab.Open, 24));
        Assert.True(lab.NoTelnet.CanPing(lab.Open));
        Assert.True(Matches("no-telnet", 20) > permitted);
        Assert.Equal(deniedAfter, Matches("no-telnet", 10));

        // The list is on what NoTelnet sends; nobody is kept from calling it.
        Assert.True(lab.Open.CanConnect(lab.NoTelnet, 23));
    }

    [Fact]
    public void InboundDeniesAcrossHosts()
    {
        Assert.True(lab.NoTelnet.CannotConnect(lab.Picky, 23));
        Assert.True(lab.NoTelnet.CanConnect(lab.Picky, 24));
    }

    [Fact]
    public void EstablishedLetsAnswersInAndCallsOut()
    {
        long denied = Matches("answers-only", 30);

        Assert.True(lab.Shy.CanConnect(lab.Open, 80));
        Assert.True(lab.Open.CannotConnect(lab.Shy, 80));
        Assert.True(lab.Open.CanPing(lab.Shy));
        lab.Shy.SendTcp(lab.Open, megabytes: 8);

        Assert.True(Matches("answers-only", 10) > 0);
        Assert.True(Matches("answers-only", 20) > 0);
        Assert.True(Matches("answers-only", 30) > denied);
        Assert.True(Lab.Hosts[1].ReadDrops()[lab.Shy.ShortInterface, "acl-out"] > 0);
    }

    [Fact]
    public void OutboundDeniesByAddressAndPort()
    {
        long denied = Matches("not-from-two", 10);

        Assert.False(Arrives(lab.Open, 9005));
        Assert.Equal(denied + 1, Matches("not-from-two", 10));

        Assert.True(Arrives(lab.Open, 9011));
        Assert.True(Arrives(lab.NoTelnet, 9005));
        Assert.Equal(denied + 1, Matches("not-from-two", 10));
    }

    [Fact]
    public void TheVemCountsTheSame()
    {
        Assert.True(lab.NoTelnet.CannotConnect(lab.Open, 23));
        long matches = Matches("no-telnet", 10);

        string line = Lab.Hosts[0].Vemcmd("show", "acl").Split('\n').Single(line => line.StartsWith("no-telnet", StringComparison.Ordinal) && line.Contains(" 10 ", StringComparison.Ordinal));
        Assert.Equal(["no-telnet", "10", "deny", $"{matches}"], line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void CountersCanBeCleared()
    {
        Assert.True(lab.Open.CanPing(lab.Picky));
        Assert.True(Matches("not-from-two", 20) > 0);

        Lab.AskVems("clear ip access-list counters not-from-two");
        Assert.Equal(0, Matches("not-from-two", 20));
    }

    /// <summary>What <c>show access-lists</c> says that an entry has matched.</summary>
    private long Matches(string list, int sequence)
    {
        string text = Lab.AskVems($"show access-lists {list}");
        string line = text.Split('\n').Single(line => line.TrimStart().StartsWith($"{sequence} ", StringComparison.Ordinal));
        return long.Parse(MatchCount().Match(line).Groups[1].Value);
    }

    /// <summary>Whether a datagram from an endpoint reaches a port of <c>Picky</c>.</summary>
    private bool Arrives(Endpoint from, int port)
    {
        from.WaitForPing(lab.Picky);
        using Daemon receiver = lab.Picky.Start("python3", "-c",
            $"import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('', {port})); s.settimeout(2); print('ready', flush=True); print('got', s.recv(99))");
        Wait.Until(() => receiver.Log.Contains("ready", StringComparison.Ordinal), "the receiver");
        from.Run("sh", "-c", $"echo hello | socat -u - UDP:{lab.Picky.Address}:{port}");
        Wait.Until(() => !receiver.IsRunning, "the receiver to end");
        return receiver.Finish().Contains("got b'hello", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\[match=(\d+)\]")]
    private static partial Regex MatchCount();
}

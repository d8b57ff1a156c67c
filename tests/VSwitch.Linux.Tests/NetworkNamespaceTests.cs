namespace VSwitch.Linux.Tests;

public sealed class NetworkNamespaceTests
{
    [Fact]
    public void RunsInsideAndNowhereElse()
    {
        using var inside = new TestNamespace();
        inside.Ip("link add only-here type bridge");
        string here = Current();

        Assert.Contains("only-here", NetworkNamespace.Run(inside.Name, Netdevs), StringComparison.Ordinal);
        Assert.Contains("only-here", NetworkNamespace.Run("/var/run/netns/" + inside.Name, Netdevs), StringComparison.Ordinal);
        Assert.NotEqual(here, NetworkNamespace.Run(inside.Name, Current));
        Assert.Equal(here, NetworkNamespace.Run("/proc/self/ns/net", Current));
        Assert.Equal(here, NetworkNamespace.Run(null, Current));
        Assert.Equal(here, Current());
        Assert.DoesNotContain("only-here", Netdevs(), StringComparison.Ordinal);
    }

    [Fact]
    public void PassesExceptionsOn()
    {
        using var inside = new TestNamespace();

        var exception = Assert.Throws<InvalidOperationException>(
            () => NetworkNamespace.Run<int>(inside.Name, () => throw new InvalidOperationException("inside")));

        Assert.Equal("inside", exception.Message);
    }

    [Fact]
    public void SaysThatThereIsNoSuchNamespace()
    {
        var exception = Assert.Throws<LinuxException>(() => NetworkNamespace.Run("vsw-test-none", () => 1));

        Assert.Equal(Errno.ENOENT, exception.Errno);
        Assert.StartsWith("open /var/run/netns/vsw-test-none: ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TellsWhatIsNotThereFromWhatCannotBeLookedAt()
    {
        using var inside = new TestNamespace();
        Assert.Matches(@"^net:\[\d+\]$", NetworkNamespace.Identity(inside.Name));
        Assert.Null(NetworkNamespace.Identity("vsw-test-none"));
        Assert.Null(NetworkNamespace.Identity("/proc/version/net"));
        Assert.Null(NetworkNamespace.Identity("/proc/version"));
        Assert.Throws<LinuxException>(() => NetworkNamespace.Identity("/" + new string('x', 5000)));
    }

    /// <summary>/proc/net shows the namespace of whoever opens it by way of its thread.</summary>
    private static string Current() => new FileInfo("/proc/thread-self/ns/net").LinkTarget!;

    private static string Netdevs() => string.Join(
        ' ', File.ReadLines("/proc/thread-self/net/dev").Skip(2).Select(line => line.Split(':')[0].Trim()));
}

using System.Security.Cryptography;

namespace VSwitch.Linux.Tests;

/// <summary>A network namespace of one test's own, deleted with everything in it.</summary>
internal sealed class TestNamespace : IDisposable
{
    public TestNamespace()
    {
        Shell.Run("ip netns add " + Name);
        // The stack's own router solicitations and multicast reports would mix with the frames under test.
        Run("sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1");
        Ip("link set lo up");
    }

    public string Name { get; } = "vsw-test-" + RandomNumberGenerator.GetHexString(8, lowercase: true);

    /// <summary>Runs an <c>ip</c> command about this namespace.</summary>
    public string Ip(string arguments) => Shell.Run($"ip -n {Name} {arguments}");

    /// <summary>Runs a program inside this namespace.</summary>
    public string Run(string commandLine) => Shell.Run(Inside(commandLine));

    public string Inside(string commandLine) => $"ip netns exec {Name} {commandLine}";

    public void Dispose() => Shell.TryRun("ip netns del " + Name);
}

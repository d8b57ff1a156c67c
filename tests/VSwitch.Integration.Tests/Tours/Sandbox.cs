namespace VSwitch.Integration.Tests.Tours;

/// <summary>
/// Runs shell scripts that use fixed names in a world of their own: own processes, networks, /run and /tmp. Two runs do not
/// meet, and whatever a script leaves behind ends with it. The checkout may itself be in /tmp.
/// </summary>
internal static class Sandbox
{
    public static readonly TimeSpan TimeMax = TimeSpan.FromMinutes(5);

    /// <summary>Lists the namespaces, files and processes that are there; the runtime of a killed program leaves pipes in /tmp.</summary>
    public const string ListLeft = """
        echo "== left:"
        ls /run/netns
        ls /tmp | grep -vE '^(clr-debug-pipe|dotnet-diagnostic)-'
        ls -d /run/vswitch* 2>/dev/null
        pgrep -af 'out/v(em|sm) |iperf3'
        true
        """;

    /// <summary>What that prints when nothing is.</summary>
    public const string NothingLeft = "== left:\n";

    private const string World = """
        set -e
        mount -t tmpfs run /run
        mkdir /run/netns /run/lock /run/checkout
        mount --bind "$0" /run/checkout
        mount -t tmpfs tmp /tmp
        ip link set lo up
        cd /run/checkout
        exec bash -s
        """;

    /// <summary>Runs a script from the root of the checkout.</summary>
    public static ShellResult Run(string script) => Shell.Try(
        "unshare", ["--mount", "--net", "--pid", "--fork", "--mount-proc", "--kill-child", "bash", "-c", World, Programs.Root], script, TimeMax);
}

namespace VSwitch.Integration.Tests.Tours;

/// <summary>tools/quickstart, as somebody treats it who tries things out.</summary>
public sealed class QuickstartTests
{
    /// <summary>Up, up again while it runs, up again after everything was killed, and down.</summary>
    [Fact]
    public void ComesUpFromAnyStateAndLeavesNothing()
    {
        ShellResult result = Sandbox.Run($$"""
            set -e
            tools/quickstart
            tools/quickstart >/dev/null
            for process in $(pgrep -f 'out/v(em|sm) '); do kill -9 $process; done
            tools/quickstart >/dev/null
            out/vsw --vsm unix:/run/vswitch-quickstart/vsm.sock -c 'show interface brief'
            tools/quickstart down
            set +e
            {{Sandbox.ListLeft}}
            """);

        Assert.True(result.ExitCode == 0, result.Everything);
        Assert.Contains("[match=", result.Output, StringComparison.Ordinal);
        Assert.EndsWith(Sandbox.NothingLeft, result.Output, StringComparison.Ordinal);
    }

    /// <summary>Killed on its way up, it is still removed whole.</summary>
    [Fact]
    public void GoesDownFromHalfwayUp()
    {
        ShellResult result = Sandbox.Run($$"""
            tools/quickstart >/tmp/log 2>&1 &
            until [ -e /run/netns/vsq-vm2 ]; do sleep 0.1; kill -0 $! || { cat /tmp/log; exit 1; }; done
            kill -9 $!
            rm /tmp/log
            tools/quickstart down || exit 1
            {{Sandbox.ListLeft}}
            """);

        Assert.True(result.ExitCode == 0, result.Everything);
        Assert.EndsWith(Sandbox.NothingLeft, result.Output, StringComparison.Ordinal);
    }
}

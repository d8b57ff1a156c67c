using VSwitch.Hosting;

namespace VSwitch.Vsm.Tests;

public sealed class VsmOptionsTests
{
    [Fact]
    public void WithoutOptionsTheDefaultsHold()
    {
        VsmOptions options = Parse();

        Assert.Equal(["127.0.0.1:4785", "unix:/run/vswitch/vsm.sock"], options.Listen.Select(address => address.ToString()));
        Assert.Equal("/var/lib/vswitch/vsm", options.StateDirectory);
    }

    [Fact]
    public void AnOptionIsWrittenInTwoWaysAndWinsOverTheEnvironment()
    {
        VsmOptions options = VsmOptions.Parse(
            ["--listen=[::1]:1,unix:/a", "--state", "/b"],
            name => name switch { "VSM_STATE" => "/lost", "VSM_SOCKET" => "/c", _ => null });

        Assert.Equal(["[::1]:1", "unix:/a", "unix:/c"], options.Listen.Select(address => address.ToString()));
        Assert.Equal("/b", options.StateDirectory);
    }

    [Theory]
    [InlineData("there is no option --lisen; there are --listen, --state, --socket and --help", "--lisen", "x")]
    [InlineData("there is no option x; there are --listen, --state, --socket and --help", "x")]
    [InlineData("--state needs a value", "--state")]
    [InlineData("--state needs a value", "--state=")]
    [InlineData("'nonsense' is not an address; it is HOST:PORT, such as 127.0.0.1:4785, or unix:PATH.", "--listen", "nonsense")]
    [InlineData("'' is not an address; it is HOST:PORT, such as 127.0.0.1:4785, or unix:PATH.", "--listen", "127.0.0.1:1,")]
    [InlineData(
        "'0.0.0.0:1' can be reached from other machines, and vsm does not encrypt yet; listen at 127.0.0.1:PORT, [::1]:PORT or unix:PATH",
        "--listen", "0.0.0.0:1")]
    [InlineData(
        "'*:1' can be reached from other machines, and vsm does not encrypt yet; listen at 127.0.0.1:PORT, [::1]:PORT or unix:PATH",
        "--listen", "*:1")]
    public void WhatCannotBeIsSaid(string message, params string[] arguments) =>
        Assert.Equal(message, Assert.Throws<UsageException>(() => Parse(arguments)).Message);

    private static VsmOptions Parse(params string[] arguments) => VsmOptions.Parse(arguments, _ => null);
}

using VSwitch.Hosting;

namespace VSwitch.Vem.Tests;

public sealed class VemOptionsTests
{
    private static readonly Func<string, string?> NoEnvironment = _ => null;

    [Fact]
    public void Every_option_is_read()
    {
        VemOptions options = VemOptions.Parse(
            ["--vsm", "unix:/run/v.sock", "--state=/s", "--name", "h1", "--uplink", "eth1=up", "--uplink", "eth2=other", "--cpus", "0", "--poll", "busy", "--latency", "20", "--socket", "/k"], NoEnvironment);

        Assert.Equal(("unix:/run/v.sock", "/s", "h1", "/k"), (options.Vsm, options.State, options.Name, options.Socket));
        Assert.Equal([new UplinkOption("eth1", "up"), new UplinkOption("eth2", "other")], options.Uplinks);
        Assert.Equal([0], options.Cpus);
        Assert.True(options.IsBusy);
        Assert.Equal(20, options.LatencyMicroseconds);
    }

    [Fact]
    public void One_of_two_processors_is_for_a_worker_and_workers_sleep()
    {
        VemOptions options = VemOptions.Parse([], NoEnvironment);

        Assert.Equal(Enumerable.Repeat(-1, Math.Clamp(Environment.ProcessorCount / 2, 1, 4)), options.Cpus);
        Assert.False(options.IsBusy);
        Assert.Null(options.LatencyMicroseconds);
    }

    [Fact]
    public void The_command_line_wins_over_the_environment()
    {
        var environment = new Dictionary<string, string>
        {
            ["VEM_VSM"] = "10.0.0.1:1", ["VEM_NAME"] = "from-environment", ["VEM_UPLINK"] = "eth8=a,eth9=b", ["VEM_STATE"] = "/e",
        };
        VemOptions options = VemOptions.Parse(["--name", "h1", "--uplink", "eth1=up"], environment.GetValueOrDefault);

        Assert.Equal(("10.0.0.1:1", "/e", "h1"), (options.Vsm, options.State, options.Name));
        Assert.Equal([new UplinkOption("eth1", "up")], options.Uplinks);
    }

    [Theory]
    [InlineData("--nonsense", "x", "There is no option '--nonsense'.")]
    [InlineData("--vsm", null, "The option '--vsm' needs a value.")]
    [InlineData("--vsm", "nowhere", "'nowhere' is not an address; it is HOST:PORT, such as 127.0.0.1:4785, or unix:PATH.")]
    [InlineData("--uplink", "eth1", "'eth1' is not an uplink; it is IFNAME=PROFILE, such as eth1=uplink.")]
    [InlineData("--name", "two words", "'two words' is no name of a host; it has 1 to 80 characters and no blanks.")]
    [InlineData("--cpus", "x", "'x' is not a list of processors; it is numbers and ranges, such as 1 or 1,3-5.")]
    [InlineData("--poll", "lazy", "'lazy' is not a way to poll; it is adaptive or busy.")]
    [InlineData("--latency", "soon", "'soon' is not a latency; it is 0 to 1000000 microseconds.")]
    [InlineData("--latency", "-1", "'-1' is not a latency; it is 0 to 1000000 microseconds.")]
    [InlineData("--latency", "1000001", "'1000001' is not a latency; it is 0 to 1000000 microseconds.")]
    [InlineData("word", null, "'word' is not an option; options start with --.")]
    public void What_is_wrong_is_named(string option, string? value, string message)
    {
        string[] arguments = value is null ? [option] : [option, value];
        Assert.Equal(message, Assert.Throws<UsageException>(() => VemOptions.Parse(arguments, NoEnvironment)).Message);
    }

    [Fact]
    public void An_uplink_is_named_once()
    {
        string message = Assert.Throws<UsageException>(() => VemOptions.Parse(["--uplink", "eth1=a", "--uplink=eth1=b"], NoEnvironment)).Message;
        Assert.Equal("The uplink eth1 is named twice; a netdev has one port profile.", message);
    }

    [Fact]
    public void A_processor_that_is_not_there_is_refused()
    {
        string message = Assert.Throws<UsageException>(() => VemOptions.Parse(["--cpus", "0,4000"], NoEnvironment)).Message;
        Assert.StartsWith("There is no processor 4000; this machine has 0-", message);
    }
}

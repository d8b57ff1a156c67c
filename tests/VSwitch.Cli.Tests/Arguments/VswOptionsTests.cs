using VSwitch.Cli.Arguments;
using VSwitch.Cli.Vsw;
using VSwitch.Hosting;

namespace VSwitch.Cli.Tests.Arguments;

public sealed class VswOptionsTests
{
    [Theory]
    [InlineData("", "unix:/run/vswitch/vsm.sock 127.0.0.1:4785", "", null)]
    [InlineData("--vsm 10.0.0.1:99", "10.0.0.1:99", "", null)]
    [InlineData("--vsm=unix:/tmp/x", "unix:/tmp/x", "", null)]
    [InlineData("--vsm [::1]:99 lab.cfg", "[::1]:99", "", "lab.cfg")]
    [InlineData("-c end -c exit", "unix:/run/vswitch/vsm.sock 127.0.0.1:4785", "end exit", null)]
    [InlineData("-c end lab.cfg", "unix:/run/vswitch/vsm.sock 127.0.0.1:4785", "end", "lab.cfg")]
    [InlineData("-", "unix:/run/vswitch/vsm.sock 127.0.0.1:4785", "", "-")]
    [InlineData("-- -odd.cfg", "unix:/run/vswitch/vsm.sock 127.0.0.1:4785", "", "-odd.cfg")]
    [InlineData("-c --help", "unix:/run/vswitch/vsm.sock 127.0.0.1:4785", "--help", null)]
    public void Reads(string line, string addresses, string commands, string? file)
    {
        VswOptions options = Parse(line);

        Assert.Equal(addresses, string.Join(' ', options.Addresses));
        Assert.Equal(commands, string.Join(' ', options.Commands));
        Assert.Equal(file, options.File);
        Assert.False(options.WantsHelp);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("lab.cfg --help")]
    public void HelpIsWanted(string line) => Assert.True(Parse(line).WantsHelp);

    [Theory]
    [InlineData("--frob", "There is no option '--frob'.")]
    [InlineData("-x", "There is no option '-x'.")]
    [InlineData("--vsm", "The option '--vsm' needs a value.")]
    [InlineData("--vsm=", "The option '--vsm' needs a value.")]
    [InlineData("-c", "The option '-c' needs a value.")]
    [InlineData("--vsm nowhere", "'nowhere' is not an address; it is HOST:PORT, such as 127.0.0.1:4785, or unix:PATH.")]
    [InlineData("show module", "'module' is one FILE too many. A command goes behind -c, in quotes: vsw -c 'show module'.")]
    public void Refuses(string line, string message) =>
        Assert.Equal(message, Assert.Throws<UsageException>(() => Parse(line)).Message);

    [Fact]
    public void TheEnvironmentNamesTheVsmUnlessTheOptionDoes()
    {
        Assert.Equal("unix:/env", Assert.Single(Parse("", "unix:/env").Addresses).ToString());
        Assert.Equal("unix:/option", Assert.Single(Parse("--vsm unix:/option", "unix:/env").Addresses).ToString());
        Assert.Equal(2, Parse("", "").Addresses.Count);
        Assert.Throws<UsageException>(() => Parse("", "nowhere"));
    }

    private static VswOptions Parse(string line, string? vsm = null) => VswOptions.Parse(
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries), name => name == "VSW_VSM" ? vsm : null);
}

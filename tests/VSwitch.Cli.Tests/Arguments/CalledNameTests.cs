namespace VSwitch.Cli.Tests.Arguments;

public sealed class CalledNameTests
{
    [Theory]
    [InlineData("vemcmd\0show\0port\0", "vemcmd")]
    [InlineData("/usr/local/bin/vemcmd\0", "vemcmd")]
    [InlineData("out/vsw\0vemcmd\0", "vsw")]
    [InlineData("dotnet\0VSwitch.Cli.dll\0vemcmd\0", "vsw")]
    [InlineData("", "vsw")]
    public void TheLastPartOfTheFirstArgumentDecides(string commandLine, string name) => Assert.Equal(name, CalledName.Of(commandLine));
}

using VSwitch.Cli.Tests.Fakes;
using VSwitch.Protocol;

namespace VSwitch.Cli.Tests.Local;

public sealed class TerminalLengthTests
{
    [Theory]
    [InlineData("terminal length 0", 0)]
    [InlineData("term len 40", 40)]
    [InlineData("  ter l 511", 511)]
    public async Task IsSet(string line, int length)
    {
        var conversation = new Conversation(new TinySwitch());

        Assert.True((await conversation.ExecuteAsync(line, TestContext.Current.CancellationToken)).Ok);
        Assert.Equal(length, conversation.ScreenLength);
    }

    [Theory]
    [InlineData("terminal length", 15, "% Incomplete command at '^' marker.")]
    [InlineData("terminal length 512", 16, "% Invalid number, range is (0-511) at '^' marker.")]
    [InlineData("terminal length -1", 16, "% Invalid number, range is (0-511) at '^' marker.")]
    [InlineData("terminal length 5 6", 18, "% Invalid command at '^' marker.")]
    public async Task IsRefused(string line, int column, string error)
    {
        var conversation = new Conversation(new TinySwitch());

        ExecuteResponse response = await conversation.ExecuteAsync(line, TestContext.Current.CancellationToken);

        Assert.Equal((false, column, error), (response.Ok, response.ErrorColumn, response.Error));
        Assert.Null(conversation.ScreenLength);
    }
}

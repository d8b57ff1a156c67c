using VSwitch.Cli.Local;
using VSwitch.Cli.Tests.Fakes;
using VSwitch.Protocol;

namespace VSwitch.Cli.Tests.Local;

public sealed class RedirectionTests
{
    [Theory]
    [InlineData("show module > out.txt", "show module", "out.txt", false)]
    [InlineData("show module >> out.txt", "show module", "out.txt", true)]
    [InlineData("sh module >out.txt ", "sh module", "out.txt", false)]
    [InlineData("do show module | include 1 > /tmp/x", "do show module | include 1", "/tmp/x", false)]
    public void IsTaken(string line, string command, string path, bool appends)
    {
        (string rest, Redirection? redirection) = Redirection.Take(line);

        Assert.Equal(command, rest);
        Assert.Equal(new Redirection(path, appends), redirection);
    }

    [Theory]
    [InlineData("show module")]
    [InlineData("show module | include a>b")]
    [InlineData("show module | include \"a > b\"")]
    [InlineData("show module >")]
    [InlineData("show module > two words")]
    [InlineData("description uplink > core")]
    [InlineData("s > x")]
    public void IsNone(string line) => Assert.Equal((line, null), Redirection.Take(line));

    [Fact]
    public async Task OutputGoesIntoTheFile()
    {
        using var folder = new TemporaryFolder();
        var conversation = new Conversation(new TinySwitch());
        CancellationToken cancellation = TestContext.Current.CancellationToken;

        ExecuteResponse first = await conversation.ExecuteAsync($"show numbers 2 > {folder.File("n")}", cancellation);
        await conversation.ExecuteAsync($"show numbers 1 >> {folder.File("n")}", cancellation);

        Assert.True(first.Ok);
        Assert.Empty(first.Output);
        Assert.Equal("number 1\nnumber 2\nnumber 1\n", await File.ReadAllTextAsync(folder.File("n"), cancellation));
    }

    [Fact]
    public async Task AFileThatCannotBeWrittenIsAnError()
    {
        var conversation = new Conversation(new TinySwitch());

        ExecuteResponse response = await conversation.ExecuteAsync(
            "show module > /nonexistent/folder/file", TestContext.Current.CancellationToken);

        Assert.False(response.Ok);
        Assert.StartsWith("ERROR: '/nonexistent/folder/file' cannot be written:", response.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARefusedLineWritesNoFile()
    {
        using var folder = new TemporaryFolder();

        ExecuteResponse response = await new Conversation(new TinySwitch()).ExecuteAsync(
            $"show nothing > {folder.File("n")}", TestContext.Current.CancellationToken);

        Assert.Equal(5, response.ErrorColumn);
        Assert.False(File.Exists(folder.File("n")));
    }
}

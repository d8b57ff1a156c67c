using VSwitch.Cli.Terminal;

namespace VSwitch.Cli.Tests.Terminal;

public sealed class HistoryTests
{
    [Fact]
    public void GoesBackAndForthAndKeepsTheDraft()
    {
        var history = new History();
        history.Add("one");
        history.Add("two");

        Assert.Equal("two", history.Older("draft"));
        Assert.Equal("one", history.Older("two, changed"));
        Assert.Null(history.Older("one"));
        Assert.Equal("two", history.Newer());
        Assert.Equal("draft", history.Newer());
        Assert.Null(history.Newer());
    }

    [Fact]
    public void KeepsNoBlankLinesAndNoRepetitions()
    {
        var history = new History();
        history.Add("one");
        history.Add("  ");
        history.Add("one");

        Assert.Equal("one", history.Older(""));
        Assert.Null(history.Older("one"));
    }

    [Fact]
    public void ForgetsTheOldest()
    {
        var history = new History();
        for (int i = 0; i < 1001; i++)
            history.Add($"{i}");

        string oldest = "";
        while (history.Older("") is { } line)
            oldest = line;

        Assert.Equal("1", oldest);
    }
}

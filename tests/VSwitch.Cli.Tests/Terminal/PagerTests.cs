using VSwitch.Cli.Terminal;
using VSwitch.Cli.Tests.Fakes;

namespace VSwitch.Cli.Tests.Terminal;

public sealed class PagerTests
{
    [Fact]
    public void WhatFitsIsWrittenAtOnce() => Assert.Equal("1\n2\n3", Write("", Lines(3), height: 4).Screen);

    [Fact]
    public void OneLineMoreStops() => Assert.Equal("1\n2\n3\n--More--", Write("", Lines(4), height: 4, hangsUp: true).Screen);

    [Fact]
    public void SpaceShowsTheNextScreen() => Assert.Equal("1\n2\n3\n4\n5\n6\n--More--", Write(" ", Lines(9), height: 4, hangsUp: true).Screen);

    [Fact]
    public void EnterShowsTheNextLine() => Assert.Equal("1\n2\n3\n4\n5\n--More--", Write("\r\r", Lines(9), height: 4, hangsUp: true).Screen);

    [Theory]
    [InlineData("q")]
    [InlineData("Q")]
    [InlineData("\u0003")]
    public void QLeavesTheRestOut(string key) => Assert.Equal("1\n2\n3", Write(key, Lines(9), height: 4).Screen);

    [Fact]
    public void OtherKeysAreNoAnswer() => Assert.Equal("1\n2\n3\n4", Write("xyz ", Lines(4), height: 4).Screen);

    [Fact]
    public void ALineThatWrapsTakesMoreRows() =>
        Assert.Equal("aaaaaaaaaa\naa\nb\n--More--", Write("", "aaaaaaaaaaaa\nb\nc\n", height: 4, width: 10, hangsUp: true).Screen);

    [Fact]
    public void ALineHigherThanTheWindowIsWrittenAllTheSame() =>
        Assert.Equal("b\naaaaaaaaaa\naaaaaaaaaa\na\nc", Write("   ", "b\naaaaaaaaaaaaaaaaaaaaa\nc\n", height: 2, width: 10).Screen);

    [Fact]
    public void LengthZeroNeverStops()
    {
        var terminal = new FakeTerminal("", height: 4);
        new Pager(terminal) { Length = 0 }.Write(Lines(100));
        Assert.DoesNotContain("--More--", terminal.Written.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void LengthOverridesTheWindow()
    {
        var terminal = new FakeTerminal("q", height: 40);
        new Pager(terminal) { Length = 3 }.Write(Lines(9));
        Assert.Equal("1\n2", terminal.Screen);
    }

    private static FakeTerminal Write(string keys, string text, int height, int width = 80, bool hangsUp = false)
    {
        var terminal = new FakeTerminal(keys, width, height);
        new Pager(terminal).Write(text);
        // The screen at the moment before the hang-up erased the question.
        if (hangsUp)
            terminal.Write("--More--");
        return terminal;
    }

    private static string Lines(int count) => string.Concat(Enumerable.Range(1, count).Select(number => $"{number}\n"));
}

using VSwitch.Cli.Terminal;
using VSwitch.Cli.Tests.Fakes;

namespace VSwitch.Cli.Tests.Terminal;

public sealed class PagerTests
{
    [Fact]
    public void WhatFitsIsWrittenAtOnce() => Assert.Equal("1\n2\n3", Write("", Lines(3), height: 4).Screen);

    [Fact]
    public void OneLineMoreStops() => Assert.Equal("1\n2\n3", Write("", Lines(4), height: 4).Screen);

    [Fact]
    public void TheQuestionIsErasedOnceItIsAnswered()
    {
        FakeTerminal terminal = Write("q", Lines(4), height: 4);
        Assert.EndsWith("3\n\e[7m--More--\e[0m\r\e[K", terminal.Written.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void SpaceShowsTheNextScreen() => Assert.Equal("1\n2\n3\n4\n5\n6", Write(" ", Lines(9), height: 4).Screen);

    [Fact]
    public void EnterShowsTheNextLine() => Assert.Equal("1\n2\n3\n4\n5", Write("\r\r", Lines(9), height: 4).Screen);

    [Theory]
    [InlineData("q")]
    [InlineData("Q")]
    [InlineData("\u0003")]
    public void QLeavesTheRestOut(string key) => Assert.Equal("1\n2\n3", Write(key, Lines(9), height: 4).Screen);

    [Fact]
    public void OtherKeysAreNoAnswer() => Assert.Equal("1\n2\n3\n4", Write("xyz ", Lines(4), height: 4).Screen);

    [Fact]
    public void ALineThatWrapsTakesMoreRows() =>
        Assert.Equal("aaaaaaaaaa\naa\nb", Write("", "aaaaaaaaaaaa\nb\nc\n", height: 4, width: 10).Screen);

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

    private static FakeTerminal Write(string keys, string text, int height, int width = 80)
    {
        var terminal = new FakeTerminal(keys, width, height);
        new Pager(terminal).Write(text);
        return terminal;
    }

    private static string Lines(int count) => string.Concat(Enumerable.Range(1, count).Select(number => $"{number}\n"));
}

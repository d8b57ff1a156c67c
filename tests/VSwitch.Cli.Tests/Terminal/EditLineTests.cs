using System.Text;
using VSwitch.Cli.Terminal;

namespace VSwitch.Cli.Tests.Terminal;

public sealed class EditLineTests
{
    // The bar is the cursor.
    [Theory]
    [InlineData("show |", nameof(KeyCode.Backspace), "show|")]
    [InlineData("|show", nameof(KeyCode.Backspace), "|show")]
    [InlineData("sh|ow", nameof(KeyCode.Delete), "sh|w")]
    [InlineData("show|", nameof(KeyCode.Delete), "show|")]
    [InlineData("sh|ow", nameof(KeyCode.DeleteOrLeave), "sh|w")]
    [InlineData("sh|ow", nameof(KeyCode.Left), "s|how")]
    [InlineData("|show", nameof(KeyCode.Left), "|show")]
    [InlineData("sh|ow", nameof(KeyCode.Right), "sho|w")]
    [InlineData("show|", nameof(KeyCode.Right), "show|")]
    [InlineData("sh|ow", nameof(KeyCode.Home), "|show")]
    [InlineData("sh|ow", nameof(KeyCode.End), "show|")]
    [InlineData("sh|ow", nameof(KeyCode.EraseToStart), "|ow")]
    [InlineData("sh|ow", nameof(KeyCode.EraseToEnd), "sh|")]
    [InlineData("show port-profile  |", nameof(KeyCode.EraseWord), "show |")]
    [InlineData("show po|rt", nameof(KeyCode.EraseWord), "show |rt")]
    [InlineData("|show", nameof(KeyCode.EraseWord), "|show")]
    [InlineData("show port |", nameof(KeyCode.WordLeft), "show |port ")]
    [InlineData("sh|ow  port", nameof(KeyCode.WordRight), "show|  port")]
    [InlineData("show|  port", nameof(KeyCode.WordRight), "show  port|")]
    [InlineData("a😀|b", nameof(KeyCode.Backspace), "a|b")]
    [InlineData("a|😀b", nameof(KeyCode.Delete), "a|b")]
    [InlineData("a|😀b", nameof(KeyCode.Right), "a😀|b")]
    [InlineData("a😀|b", nameof(KeyCode.Left), "a|😀b")]
    public void AKeyChangesTheLine(string before, string code, string after)
    {
        EditLine line = Line(before);

        Assert.True(line.Apply(new Key(Enum.Parse<KeyCode>(code))));

        Assert.Equal(after, line.BeforeCursor + "|" + line.AfterCursor);
    }

    [Fact]
    public void CharactersGoBeforeTheCursor()
    {
        EditLine line = Line("sw|");
        line.Apply(new Key(KeyCode.Left));
        line.Apply(Key.Of('h'));
        line.Apply(new Key(KeyCode.Character, new Rune('ö')));

        Assert.Equal("shö|w", line.BeforeCursor + "|" + line.AfterCursor);
    }

    [Fact]
    public void ALineIsBounded()
    {
        var line = new EditLine();
        for (int i = 0; i < 9000; i++)
            line.Apply(Key.Of('x'));

        Assert.Equal(8192, line.Text.Length);
    }

    [Theory]
    [InlineData(nameof(KeyCode.Enter))]
    [InlineData(nameof(KeyCode.Up))]
    [InlineData(nameof(KeyCode.Cancel))]
    public void OtherKeysAreNotForTheLine(string code)
    {
        EditLine line = Line("sh|ow");

        Assert.False(line.Apply(new Key(Enum.Parse<KeyCode>(code))));
        Assert.Equal("sh|ow", line.BeforeCursor + "|" + line.AfterCursor);
    }

    private static EditLine Line(string text)
    {
        var line = new EditLine();
        line.Set(text.Replace("|", "", StringComparison.Ordinal));
        while (line.Cursor > text.IndexOf('|'))
            line.Apply(new Key(KeyCode.Left));
        return line;
    }
}

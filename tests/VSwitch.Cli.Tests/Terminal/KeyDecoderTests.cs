using System.Text;
using VSwitch.Cli.Terminal;

namespace VSwitch.Cli.Tests.Terminal;

public sealed class KeyDecoderTests
{
    [Theory]
    [InlineData("a", "a")]
    [InlineData("ü€😀", "ü€😀")]
    [InlineData("\r\n", "Enter Enter")]
    [InlineData("\t?", "Complete Help")]
    [InlineData("\u007f\b", "Backspace Backspace")]
    [InlineData("\u0001\u0002\u0005\u0006", "Home Left End Right")]
    [InlineData("\u0003\u0004\u001a\f", "Cancel DeleteOrLeave Finish ClearScreen")]
    [InlineData("\u0015\u0017\v", "EraseToStart EraseWord EraseToEnd")]
    [InlineData("\u0010\u000e", "Up Down")]
    [InlineData("\e[A\e[B\e[C\e[D", "Up Down Right Left")]
    [InlineData("\eOA\eOB\eOH\eOF", "Up Down Home End")]
    [InlineData("\e[H\e[F\e[1~\e[4~\e[7~\e[8~\e[3~", "Home End Home End Home End Delete")]
    [InlineData("\e[1;5C\e[1;5D\ef\eb", "WordRight WordLeft WordRight WordLeft")]
    [InlineData("\e[15~\e[24;2~\e[Z\ex\u0000x", "x")]
    [InlineData("\u0016?\u0016a", "?a")]
    [InlineData("\e[200~a?\tb\r\e[201~?", "a? b Enter Help")]
    public void BytesBecomeKeys(string bytes, string keys) => Assert.Equal(keys.Replace(" ", "", StringComparison.Ordinal), Decode(bytes));

    [Theory]
    [InlineData("c3 28 61")]
    [InlineData("ff ff ff ff 61")]
    [InlineData("80 61")]
    public void BrokenUtf8IsSkipped(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal("a", Decode(bytes));
    }

    [Theory]
    [InlineData("\e")]
    [InlineData("\e[1;")]
    [InlineData("\eO")]
    public void AnEndInsideASequenceIsAnEnd(string bytes) => Assert.Equal("", Decode(bytes));

    private static string Decode(string text) => Decode(Encoding.UTF8.GetBytes(text));

    // Names of keys, with typed characters as they are and blanks left out.
    private static string Decode(byte[] bytes)
    {
        var left = new Queue<byte>(bytes);
        var decoder = new KeyDecoder(() => left.TryDequeue(out byte next) ? next : -1);
        var keys = new StringBuilder();
        while (decoder.Read() is { Code: not KeyCode.HangUp } key)
            keys.Append(key.Code == KeyCode.Character ? key.Rune.ToString().Trim() : key.Code.ToString());
        return keys.ToString();
    }
}

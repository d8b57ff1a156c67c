using VSwitch.Grpc.Wire;

namespace VSwitch.Grpc.Tests.Wire;

public sealed class TimeoutHeaderTests
{
    private const long Second = TimeSpan.TicksPerSecond;

    [Theory]
    [InlineData(-5, "0n")]
    [InlineData(0, "0n")]
    [InlineData(1, "100n")]
    [InlineData(999_999, "99999900n")]
    [InlineData(1_000_000, "100000u")]
    [InlineData(1_000_001, "100001u")]
    [InlineData(Second, "1000000u")]
    [InlineData(999_999_990, "99999999u")]
    [InlineData(999_999_991, "100000m")]
    [InlineData(99_999 * Second, "99999000m")]
    [InlineData(100_000 * Second, "100000S")]
    [InlineData((100_000 * Second) + 1, "100001S")]
    [InlineData(100_000_000 * Second, "1666667M")]
    [InlineData(long.MaxValue, "99999999H")]
    public void FormatTakesTheFinestUnitThatFits(long ticks, string expected) =>
        Assert.Equal(expected, TimeoutHeader.Format(TimeSpan.FromTicks(ticks)));

    [Theory]
    [InlineData("0n", 0)]
    [InlineData("1n", 1)]
    [InlineData("250n", 3)]
    [InlineData("7u", 70)]
    [InlineData("20m", 200_000)]
    [InlineData("2S", 2 * Second)]
    [InlineData("3M", 180 * Second)]
    [InlineData("1H", 3600 * Second)]
    [InlineData("00000001S", Second)]
    [InlineData("99999999M", 99_999_999L * 60 * Second)]
    [InlineData("99999999H", 99_999_999L * 3600 * Second)]
    public void ParseReadsEveryUnit(string text, long ticks)
    {
        Assert.True(TimeoutHeader.TryParse(text, out TimeSpan timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("5")]
    [InlineData("5s")]
    [InlineData("5h")]
    [InlineData("-5S")]
    [InlineData("+5S")]
    [InlineData(" 5S")]
    [InlineData("5 S")]
    [InlineData("1.5S")]
    [InlineData("1,000S")]
    [InlineData("123456789S")]
    [InlineData("5SS")]
    public void ParseRefusesWhatIsNoTimeout(string text) => Assert.False(TimeoutHeader.TryParse(text, out _));
}

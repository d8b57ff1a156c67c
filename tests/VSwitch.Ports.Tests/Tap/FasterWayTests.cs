using System.Diagnostics;

namespace VSwitch.Ports.Tests;

public sealed class FasterWayTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void UsesTheFasterOneUntilTheNextTrial(bool secondIsFaster)
    {
        var way = new FasterWay();
        for (int period = 0; period < 3; period++)
        {
            int seconds = 0;
            for (int batch = 0; batch < FasterWay.PeriodBatches; batch++)
            {
                way.Begin();
                seconds += way.IsSecond ? 1 : 0;
                if (batch < 2 * FasterWay.PairCount && way.IsSecond != secondIsFaster)
                    Spin(microseconds: 100);
                way.End(frames: 64);
            }
            int expected = secondIsFaster ? FasterWay.PeriodBatches - FasterWay.PairCount : FasterWay.PairCount;
            Assert.Equal(expected, seconds);

            // What was true once may not stay so.
            secondIsFaster = !secondIsFaster;
        }
    }

    [Fact]
    public void ComparesTimesOfAFrame()
    {
        var way = new FasterWay();
        for (int batch = 0; batch < 2 * FasterWay.PairCount; batch++)
        {
            bool isSecond = way.IsSecond;
            way.Begin();
            Spin(microseconds: isSecond ? 300 : 100);
            way.End(frames: isSecond ? 60_000 : 10);
        }
        Assert.True(way.IsSecond);
    }

    private static void Spin(int microseconds)
    {
        long begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin).TotalMicroseconds < microseconds)
        {
        }
    }
}

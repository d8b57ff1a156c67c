namespace VSwitch.Linux.Tests;

public sealed class WakeLatencyTests
{
    /// <summary>Another program may hold a bound, too; the lowest counts.</summary>
    [Fact]
    public void HoldsUntilItIsDisposedOf()
    {
        int before = Current();
        using (new WakeLatency(7))
        {
            Assert.Equal(Math.Min(before, 7), Current());
            using var none = new WakeLatency(0);
            Assert.Equal(0, Current());
        }
        Assert.Equal(before, Current());
    }

    private static int Current() => BitConverter.ToInt32(File.ReadAllBytes("/dev/cpu_dma_latency"));
}

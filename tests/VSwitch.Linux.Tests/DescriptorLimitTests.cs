namespace VSwitch.Linux.Tests;

public sealed class DescriptorLimitTests
{
    /// <summary>The runtime opens and closes a few of its own meanwhile. What other tests left to the finalizer is closed before.</summary>
    [Fact]
    public void CountsWhatIsOpen()
    {
        string limit = File.ReadLines("/proc/self/limits").Single(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        Assert.Equal(long.Parse(limit.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3]), DescriptorLimit.Max);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = DescriptorLimit.Free;
        EventFd[] events = [.. Enumerable.Range(0, 100).Select(_ => new EventFd())];
        long between = DescriptorLimit.Free;
        foreach (EventFd one in events)
            one.Dispose();
        long after = DescriptorLimit.Free;

        Assert.InRange(before, 1, DescriptorLimit.Max - 3);
        Assert.InRange(before - between, 90, 110);
        Assert.InRange(after - between, 90, 110);
    }
}

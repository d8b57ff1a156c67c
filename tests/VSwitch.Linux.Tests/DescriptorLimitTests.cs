namespace VSwitch.Linux.Tests;

public sealed class DescriptorLimitTests
{
    [Fact]
    public void CountsWhatIsOpen()
    {
        string limit = File.ReadLines("/proc/self/limits").Single(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        Assert.Equal(long.Parse(limit.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3]), DescriptorLimit.Max);

        long before = DescriptorLimit.Free;
        EventFd[] events = [.. Enumerable.Range(0, 10).Select(_ => new EventFd())];
        Assert.Equal(before - events.Length, DescriptorLimit.Free);
        foreach (EventFd one in events)
            one.Dispose();
        Assert.Equal(before, DescriptorLimit.Free);
    }
}

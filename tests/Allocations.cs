namespace VSwitch.Tests;

/// <summary>What the calling thread allocates, by the runtime's count.</summary>
internal static class Allocations
{
    /// <summary>Does something twice.</summary>
    /// <returns>The bytes that it allocated when it allocated less: a collection meanwhile moves the count, but not twice.</returns>
    public static long Of(Action action) => Math.Min(Once(action), Once(action));

    private static long Once(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}

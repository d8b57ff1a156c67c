using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>The C library's heap (mallopt(3)), which the runtime's compiler and this switch's own memory come from.</summary>
public static class NativeHeap
{
    private const int ArenaCountMax = 2;
    private const int ThresholdBytes = 128 << 10;

    /// <summary>
    /// Has the heap give back what is free. Left alone, it keeps up to eight arenas for each processor, one for each thread at first,
    /// and lets each stay nearly as large as it ever was, because its threshold for giving back grows with what was freed.
    /// </summary>
    public static void GiveBackFreeMemory()
    {
        _ = malloc_h.mallopt(malloc_h.M_ARENA_MAX, ArenaCountMax);
        _ = malloc_h.mallopt(malloc_h.M_TRIM_THRESHOLD, ThresholdBytes);
        _ = malloc_h.mallopt(malloc_h.M_MMAP_THRESHOLD, ThresholdBytes);
    }
}

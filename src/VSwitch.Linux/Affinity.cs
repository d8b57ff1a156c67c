using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>Which processor a thread runs on (sched_setaffinity(2)).</summary>
public static unsafe class Affinity
{
    /// <summary>Binds the calling thread to one processor.</summary>
    /// <exception cref="LinuxException">There is no such processor, or the process may not use it.</exception>
    public static void BindThread(int processor)
    {
        byte* mask = stackalloc byte[sched_h.CPU_SETSIZE / 8];
        new Span<byte>(mask, sched_h.CPU_SETSIZE / 8).Clear();
        mask[processor / 8] = (byte)(1 << (processor % 8));
        LinuxException.Check(sched_h.sched_setaffinity(0, sched_h.CPU_SETSIZE / 8, mask), $"bind a thread to processor {processor}");
    }
}

using System.Globalization;
using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>Which processors threads run on (sched_setaffinity(2)).</summary>
public static unsafe class Affinity
{
    private const int MaskBytes = sched_h.CPU_SETSIZE / 8;

    /// <summary>The processors of this machine, as numbers and ranges: <c>0-3,8</c>.</summary>
    public static string Online => File.ReadAllText("/sys/devices/system/cpu/online").TrimEnd();

    /// <summary>Whether a thread of this process can be bound to a processor: it is there, and the process's cpuset has it (cgroups(7)).</summary>
    public static bool CanBind(int processor)
    {
        if (processor >= sched_h.CPU_SETSIZE)
            return false;
        bool can = false;
        var thread = new Thread(() =>
        {
            try
            {
                BindThread(processor);
                can = true;
            }
            catch (LinuxException)
            {
                // Then it cannot.
            }
        });
        thread.Start();
        thread.Join();
        return can;
    }

    /// <summary>Binds the calling thread to one processor.</summary>
    /// <exception cref="LinuxException">There is no such processor, or the process may not use it.</exception>
    public static void BindThread(int processor)
    {
        Span<byte> mask = stackalloc byte[MaskBytes];
        mask.Clear();
        mask[processor / 8] = (byte)(1 << (processor % 8));
        fixed (byte* bits = mask)
            LinuxException.Check(sched_h.sched_setaffinity(0, MaskBytes, bits), $"bind a thread to processor {processor}");
    }

    /// <summary>
    /// Keeps all threads of this process, and those that they will start, off processors that are for threads bound to them
    /// later. Does nothing if no other processor would be left.
    /// </summary>
    public static void KeepProcessOff(IEnumerable<int> processors)
    {
        Span<byte> mask = stackalloc byte[MaskBytes];
        mask.Clear();
        fixed (byte* bits = mask)
        {
            LinuxException.Check(sched_h.sched_getaffinity(0, MaskBytes, bits), "ask for the processors of this process");
            foreach (int processor in processors)
                mask[processor / 8] &= (byte)~(1 << (processor % 8));
            if (!mask.ContainsAnyExcept((byte)0))
                return;

            // A thread that ends meanwhile is no failure.
            foreach (string task in Directory.GetDirectories("/proc/self/task"))
                _ = sched_h.sched_setaffinity(int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture), MaskBytes, bits);
        }
    }
}

using System.Runtime.InteropServices;
using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>
/// Keeps the process alive when shared memory goes away under it.
///
/// Theory of operation. Whoever gave us a file to map can make it shorter at any time; touching a page that is beyond
/// the new end raises SIGBUS, for which the runtime has no answer but to end the process. No check before the access
/// helps, since the file can shrink after it. So a signal handler puts zeros where the guarded range was, marks it as
/// broken, and the access goes on. Whoever works on the range looks at the mark after each batch
/// and gives the range up; what was read in between is zeros, which is as good as anything that a stranger may write.
///
/// The whole range is replaced at the first fault, although the rest of it may still be there: page by page would make two
/// more mappings for each, until the process has no more of them (vm.max_map_count) and ends after all. The zeros are
/// private memory in small pages, which takes room where it is written and counts for nothing where it is not. Only
/// where the kernel counts it at once (vm.overcommit_memory is 2) the missing page alone is replaced: there may not be as
/// much as a guest has, and a kernel before 6.12 has taken the old range away by the time it says so.
///
/// A signal handler must not be managed code. This one is some sixty instructions, written into a page of their own
/// when the first range is guarded: they look the address up in a table that lies beside them, make two system calls
/// (mmap, madvise), and leave what is not theirs to the handler that was there before, the runtime's. The table has one
/// writer at a time. An entry changes only while nobody uses its range, so the handler can read it without a lock.
/// </summary>
public static unsafe class BusGuard
{
    /// <summary>Ranges at most: as many ports as a switch has, with a few regions each.</summary>
    public const int RangeCountMax = 8192;

    private static readonly Lock Gate = new();
    private static Range* _table;

    /// <summary>Whether private memory that may be written is counted before it is (vm.overcommit_memory, proc_sys_vm(5)).</summary>
    private static bool IsCommitStrict => File.ReadAllText("/proc/sys/vm/overcommit_memory").StartsWith('2');

    /// <summary>Whether there is a handler for this machine's processor; without one nothing is mapped from strangers.</summary>
    public static bool IsSupported => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Guards a mapped range.</summary>
    /// <param name="start">Of a page.</param>
    /// <param name="bytes">Length.</param>
    /// <param name="pageBytes">The least of it that can be replaced: the page size of its file.</param>
    /// <returns>The range's mark: not zero once a page of it was missing.</returns>
    /// <exception cref="LinuxException">There are too many ranges, or the kernel refused the handler.</exception>
    internal static long* Add(void* start, long bytes, long pageBytes)
    {
        lock (Gate)
        {
            if (_table == null)
                Install();
            Range* range = FindFree();
            range->PageBytes = pageBytes;
            range->BytesAtOnce = IsCommitStrict ? 0 : bytes;
            range->Faults = 0;
            range->Start = (nint)start;
            Volatile.Write(ref range->Bytes, bytes);
            return &range->Faults;
        }
    }

    /// <summary>Forgets a range that nobody touches any more.</summary>
    internal static void Remove(long* mark)
    {
        lock (Gate)
        {
            var range = (Range*)((byte*)mark - Range.FaultsOffset);
            Volatile.Write(ref range->Bytes, 0);
            range->Start = 0;
        }
    }

    private static Range* FindFree()
    {
        for (int i = 0; i < RangeCountMax; i++)
        {
            if (_table[i].Start == 0)
                return &_table[i];
        }
        throw new LinuxException("guard another range of shared memory", Errno.ENOMEM);
    }

    private static void Install()
    {
        if (!IsSupported)
            throw new LinuxException("guard shared memory on this processor", Errno.EOPNOTSUPP);

        sigaction_struct action;
        LinuxException.Check(signal_h.sigaction(signal_h.SIGBUS, null, &action), "sigaction SIGBUS");
        if (action.sa_sigaction is 0 or 1 || (action.sa_flags & signal_h.SA_SIGINFO) == 0)
            throw new LinuxException("find the runtime's handler of SIGBUS", Errno.EOPNOTSUPP);

        MemoryMap table = MemoryMap.Anonymous(RangeCountMax * sizeof(Range));
        MemoryMap code = MemoryMap.Anonymous(Environment.SystemPageSize);
        BusHandlerCode.Write(new Span<byte>(code.Data, (int)code.Bytes), (nint)table.Data, RangeCountMax, action.sa_sigaction);
        int protection = mman_h.PROT_READ | mman_h.PROT_EXEC;
        LinuxException.Check(mman_h.mprotect(code.Data, (nuint)code.Bytes, protection), "mprotect");

        action.sa_sigaction = (nint)code.Data;
        LinuxException.Check(signal_h.sigaction(signal_h.SIGBUS, &action, null), "sigaction SIGBUS");
        _table = (Range*)table.Data;
    }

    /// <summary>As the handler's instructions expect it.</summary>
    [StructLayout(LayoutKind.Explicit)]
    private struct Range
    {
        public const int FaultsOffset = 16;

        [FieldOffset(0)]
        public nint Start;
        [FieldOffset(8)]
        public long Bytes;
        [FieldOffset(FaultsOffset)]
        public long Faults;
        [FieldOffset(24)]
        public long PageBytes;
        [FieldOffset(32)]
        public long BytesAtOnce;
    }
}

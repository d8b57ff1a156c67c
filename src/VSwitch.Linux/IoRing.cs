using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>
/// Many reads and writes in one system call (io_uring(7)).
///
/// Theory of operation. Calls are written into an array that the kernel shares, one behind the other, and <see cref="Run"/> lets
/// the kernel make all of them, in their order, before it returns. None of them waits (RWF_NOWAIT): without that, the ring would
/// wait for a descriptor that is not ready, even a non-blocking one. Between two runs it is empty. No descriptor is registered with
/// it, so closing one is all that it takes to give it back. It is used by one thread at a time, and every thread can have one of its own
/// (<see cref="OfThread"/>) for whatever it reads and writes.
/// </summary>
public sealed unsafe class IoRing : IDisposable
{
    public const int CallCountMax = 64;

    [ThreadStatic]
    private static IoRing? _ofThread;

    private readonly Descriptor _descriptor;
    private readonly MemoryMap _rings;
    private readonly MemoryMap _entries;
    private readonly io_uring_sqe* _calls;
    private readonly io_uring_cqe* _completions;
    private readonly uint* _submitTail;
    private readonly uint* _completeHead;
    private readonly uint* _completeTail;
    private readonly uint _completeMask;
    private readonly int[] _results = new int[CallCountMax];
    private int _count;

    private IoRing(Descriptor descriptor, in io_uring_params parameters)
    {
        _descriptor = descriptor;
        uint submitBytes = parameters.sq_off.array + parameters.sq_entries * sizeof(uint);
        uint completeBytes = parameters.cq_off.cqes + parameters.cq_entries * (uint)sizeof(io_uring_cqe);
        _rings = MemoryMap.Shared(descriptor, (long)io_uring_h.IORING_OFF_SQ_RING, Math.Max(submitBytes, completeBytes));
        try
        {
            _entries = MemoryMap.Shared(descriptor, (long)io_uring_h.IORING_OFF_SQES, parameters.sq_entries * sizeof(io_uring_sqe));
        }
        catch (LinuxException)
        {
            _rings.Dispose();
            throw;
        }
        _calls = (io_uring_sqe*)_entries.Data;
        _completions = (io_uring_cqe*)(_rings.Data + parameters.cq_off.cqes);
        _submitTail = (uint*)(_rings.Data + parameters.sq_off.tail);
        _completeHead = (uint*)(_rings.Data + parameters.cq_off.head);
        _completeTail = (uint*)(_rings.Data + parameters.cq_off.tail);
        _completeMask = parameters.cq_entries - 1;
        for (uint i = 0; i < parameters.sq_entries; i++)
            ((uint*)(_rings.Data + parameters.sq_off.array))[i] = i;
    }

    /// <summary>The calling thread's own, opened when it is first asked for. A thread that ends calls <see cref="CloseOfThread"/>.</summary>
    /// <returns>Null as from <see cref="TryOpen"/>.</returns>
    public static IoRing? OfThread() => _ofThread ??= TryOpen();

    public static void CloseOfThread()
    {
        _ofThread?.Dispose();
        _ofThread = null;
    }

    /// <summary>Null where the kernel has none: it knows no io_uring, or not enough of it (before Linux 5.6), forbids it
    /// (kernel.io_uring_disabled), or is short of memory or descriptors.</summary>
    public static IoRing? TryOpen()
    {
        io_uring_params parameters = default;
        nint number = io_uring_syscalls.io_uring_setup(io_uring_syscalls.SYS_io_uring_setup, CallCountMax, &parameters);
        if (number < 0)
            return null;

        var descriptor = new Descriptor((int)number);
        const uint needed = io_uring_h.IORING_FEAT_SINGLE_MMAP | io_uring_h.IORING_FEAT_NODROP;
        try
        {
            if ((parameters.features & needed) == needed)
            {
                var ring = new IoRing(descriptor, in parameters);
                if (ring.WriteNothing(descriptor: -1) == -Errno.EBADF)
                    return ring;
                ring.Dispose();
            }
        }
        catch (LinuxException)
        {
            // No memory to map it.
        }
        descriptor.Dispose();
        return null;
    }

    /// <summary>Whether reads and writes of a descriptor can be made without waiting: those of TUN cannot before Linux 6.4.</summary>
    /// <param name="descriptor">Open for writing, and of a kind that refuses to write nothing, or does not mind.</param>
    public bool Serves(int descriptor) => WriteNothing(descriptor) != -Errno.EOPNOTSUPP;

    /// <summary>read(2).</summary>
    public void AddRead(int descriptor, void* buffer, int bytes) => Add(io_uring_h.IORING_OP_READ, descriptor, buffer, bytes);

    /// <summary>write(2).</summary>
    public void AddWrite(int descriptor, void* buffer, int bytes) => Add(io_uring_h.IORING_OP_WRITE, descriptor, buffer, bytes);

    /// <summary>writev(2), with the segments of <see cref="FrameIo.WriteV"/>.</summary>
    public void AddWriteV(int descriptor, void* segments, int count) => Add(io_uring_h.IORING_OP_WRITEV, descriptor, segments, count);

    /// <summary>Makes the calls that were added, at most <see cref="CallCountMax"/>, in their order.</summary>
    /// <returns>For each of them bytes, or a negative error number. Good until the next run.</returns>
    public ReadOnlySpan<int> Run()
    {
        int count = _count;
        _count = 0;
        uint head = *_completeHead;
        int taken = Submit(count, out int error);
        _results.AsSpan(taken, count - taken).Fill(error);
        while (Volatile.Read(ref *_completeTail) - head < taken)
            Enter(0, wait: taken);

        for (uint i = 0; i < taken; i++)
        {
            ref io_uring_cqe completion = ref _completions[(head + i) & _completeMask];
            _results[completion.user_data] = completion.res;
        }
        Volatile.Write(ref *_completeHead, head + (uint)taken);
        return _results.AsSpan(0, count);
    }

    public void Dispose()
    {
        _rings.Dispose();
        _entries.Dispose();
        _descriptor.Dispose();
    }

    /// <summary>Hands calls to the kernel. Those that it refuses are taken back.</summary>
    /// <returns>Calls that it took, from the first.</returns>
    private int Submit(int count, out int error)
    {
        uint tail = *_submitTail;
        Volatile.Write(ref *_submitTail, tail + (uint)count);
        int taken = 0;
        error = 0;
        while (taken < count && error == 0)
        {
            int result = Enter(count - taken, wait: 0);
            if (result >= 0)
                taken += result;
            else if (result is not (-Errno.EINTR or -Errno.EAGAIN or -Errno.EBUSY))
                error = result;
        }
        Volatile.Write(ref *_submitTail, tail + (uint)taken);
        return taken;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(byte operation, int descriptor, void* data, int length)
    {
        _calls[(*_submitTail + (uint)_count) & (CallCountMax - 1)] = new io_uring_sqe
        {
            opcode = operation,
            fd = descriptor,
            addr = (ulong)data,
            len = (uint)length,
            rw_flags = fs_h.RWF_NOWAIT,
            user_data = (ulong)_count++,
        };
    }

    /// <returns>Calls that the kernel took, or a negative error number. It takes fewer than it is given when one of them fails.</returns>
    private int Enter(int count, int wait)
    {
        uint flags = wait > 0 ? io_uring_h.IORING_ENTER_GETEVENTS : 0;
        nint taken = io_uring_syscalls.io_uring_enter(io_uring_syscalls.SYS_io_uring_enter, _descriptor.Number, count, wait, (nint)flags, null, 0);
        return taken >= 0 ? (int)taken : -Marshal.GetLastSystemError();
    }

    private int WriteNothing(int descriptor)
    {
        AddWrite(descriptor, null, 0);
        return Run()[0];
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>
/// Signals event descriptors of strangers and never waits.
///
/// Theory of operation. write(2) to an eventfd waits when its counter is full, unless the descriptor is non-blocking; and whoever
/// gave it to us can fill the counter and take the flag away, since both ends share them. The kernel's own signal does
/// neither wait nor fail. It is what asynchronous I/O does when a request with IOCB_FLAG_RESFD is complete (io_submit(2)), and the
/// shortest request there is reads no bytes of an empty file in memory. Completions are counted in a ring that we only
/// ever empty: it starts with id, length, head and tail, 32 bits each. Workers may do so at the same time; one that
/// takes the head back for a moment makes the kernel see fewer places than there are.
/// </summary>
internal sealed unsafe class EventSignaller
{
    private const int RequestCountMax = 1024;
    private const int HeadOffset = 8;
    private const int TailOffset = 12;

    private static readonly EventSignaller Shared = new();

    private readonly nint _context;
    private readonly Descriptor? _empty;

    private EventSignaller()
    {
        nint context = 0;
        if (aio_syscalls.syscall(aio_syscalls.SYS_io_setup, RequestCountMax, &context) != 0)
            return;
        _context = context;
        _empty = MemoryMap.CreateFile("empty", 0);
    }

    /// <summary>Makes an event descriptor readable. One that is no event descriptor stays as it is.</summary>
    public static void Signal(int descriptor)
    {
        if (Shared._context != 0)
            Shared.Submit(descriptor);
        else
            Write(descriptor);
    }

    /// <summary>Where the kernel has no asynchronous I/O, a non-blocking descriptor has to be trusted to stay one.</summary>
    private static void Write(int descriptor)
    {
        ulong one = 1;
        _ = unistd_h.write(descriptor, &one, sizeof(ulong));
    }

    private void Submit(int descriptor)
    {
        iocb request = new()
        {
            aio_lio_opcode = aio_abi_h.IOCB_CMD_PREAD,
            aio_fildes = (uint)_empty!.Number,
            aio_flags = aio_abi_h.IOCB_FLAG_RESFD,
            aio_resfd = (uint)descriptor,
        };
        iocb* first = &request;
        nint submitted = aio_syscalls.syscall(aio_syscalls.SYS_io_submit, _context, (void*)1, &first);
        Reap();
        if (submitted == -1 && Marshal.GetLastPInvokeError() == Errno.EAGAIN)
            _ = aio_syscalls.syscall(aio_syscalls.SYS_io_submit, _context, (void*)1, &first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Reap() =>
        Volatile.Write(ref *(uint*)(_context + HeadOffset), Volatile.Read(ref *(uint*)(_context + TailOffset)));
}

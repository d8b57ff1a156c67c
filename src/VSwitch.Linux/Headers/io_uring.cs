using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VSwitch.Linux.Headers;

[Header("linux/io_uring.h")]
internal static class io_uring_h
{
    public const byte IORING_OP_READ = 22;
    public const byte IORING_OP_WRITE = 23;
    public const byte IORING_OP_WRITEV = 2;
    public const uint IORING_FEAT_SINGLE_MMAP = 1;
    public const uint IORING_FEAT_NODROP = 1 << 1;
    public const uint IORING_ENTER_GETEVENTS = 1;
    public const ulong IORING_OFF_SQ_RING = 0;
    public const ulong IORING_OFF_SQES = 0x10000000;
}

/// <summary>What one call does.</summary>
[Header("linux/io_uring.h")]
internal struct io_uring_sqe
{
    public byte opcode;
    public byte flags;
    public ushort ioprio;
    public int fd;
    public ulong off;
    public ulong addr;
    public uint len;
    public uint rw_flags;
    public ulong user_data;
    public ushort buf_index;
    public ushort personality;
    public int splice_fd_in;
    public ulong addr3;
    [CName("__pad2")] public ulong pad2;
}

/// <summary>What it came to.</summary>
[Header("linux/io_uring.h")]
internal struct io_uring_cqe
{
    public ulong user_data;
    public int res;
    public uint flags;
}

[Header("linux/io_uring.h")]
internal struct io_sqring_offsets
{
    public uint head;
    public uint tail;
    public uint ring_mask;
    public uint ring_entries;
    public uint flags;
    public uint dropped;
    public uint array;
    public uint resv1;
    public ulong resv2;
}

[Header("linux/io_uring.h")]
internal struct io_cqring_offsets
{
    public uint head;
    public uint tail;
    public uint ring_mask;
    public uint ring_entries;
    public uint overflow;
    public uint cqes;
    public uint flags;
    public uint resv1;
    public ulong resv2;
}

[Header("linux/io_uring.h")]
internal struct io_uring_params
{
    public uint sq_entries;
    public uint cq_entries;
    public uint flags;
    public uint sq_thread_cpu;
    public uint sq_thread_idle;
    public uint features;
    public uint wq_fd;
    public Reserved resv;
    public io_sqring_offsets sq_off;
    public io_cqring_offsets cq_off;

    [InlineArray(3 * sizeof(uint))]
    public struct Reserved
    {
        private byte _first;
    }
}

/// <summary>glibc has no functions for these. Their numbers are the same everywhere.</summary>
[Header("sys/syscall.h")]
internal static unsafe partial class io_uring_syscalls
{
    public const int SYS_io_uring_setup = 425;
    public const int SYS_io_uring_enter = 426;

    /// <summary>Variadic in C, which makes no difference in how x86-64 and arm64 Linux pass the arguments.</summary>
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint io_uring_setup(nint number, nint entries, io_uring_params* parameters);

    /// <summary>The error number is in errno, for the caller to take at once.</summary>
    [LibraryImport("libc", EntryPoint = "syscall")]
    public static partial nint io_uring_enter(nint number, nint fd, nint submit, nint wait, nint flags, void* mask, nint maskBytes);
}

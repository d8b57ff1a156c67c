using System.Runtime.InteropServices;

namespace VSwitch.Linux.Headers;

[Header("linux/aio_abi.h")]
internal static class aio_abi_h
{
    public const ushort IOCB_CMD_PREAD = 0;
    public const uint IOCB_FLAG_RESFD = 1;
}

/// <summary>In the order of little-endian machines.</summary>
[Header("linux/aio_abi.h")]
internal struct iocb
{
    public ulong aio_data;
    public uint aio_key;
    public int aio_rw_flags;
    public ushort aio_lio_opcode;
    public short aio_reqprio;
    public uint aio_fildes;
    public ulong aio_buf;
    public ulong aio_nbytes;
    public long aio_offset;
    public ulong aio_reserved2;
    public uint aio_flags;
    public uint aio_resfd;
}

/// <summary>glibc has no functions for these. Their numbers differ between processors.</summary>
internal static unsafe partial class aio_syscalls
{
    public static readonly nint SYS_io_setup = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 206 : 0;
    public static readonly nint SYS_io_submit = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 209 : 2;

    /// <summary>Variadic in C, which makes no difference in how x86-64 and arm64 Linux pass the arguments.</summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial nint syscall(nint number, nint first, void* second, void* third);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint syscall(nint number, nint first, void* second);
}

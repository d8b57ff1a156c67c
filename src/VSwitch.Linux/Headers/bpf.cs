using System.Runtime.InteropServices;

namespace VSwitch.Linux.Headers;

[Header("linux/bpf.h")]
internal static unsafe partial class bpf_h
{
    public const int BPF_PROG_LOAD = 5;
    public const int BPF_LINK_CREATE = 28;
    public const uint BPF_PROG_TYPE_SCHED_CLS = 3;

    [Since(6, 6)]
    public const uint BPF_TCX_INGRESS = 46;

    public const byte BPF_ALU64 = 0x07;
    public const byte BPF_MOV = 0xB0;
    public const byte BPF_K = 0x00;
    public const byte BPF_JMP = 0x05;
    public const byte BPF_EXIT = 0x90;

    /// <summary>
    /// <c>bpf(2)</c> has no function in libc. The C function takes a variadic tail, which both x86-64 and arm64 Linux
    /// pass like any other arguments.
    /// </summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial nint syscall(nint number, nint command, void* attributes, nint attributesBytes);

    public static nint CallNumber => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 321,
        Architecture.Arm64 => 280,
        _ => throw new PlatformNotSupportedException("bpf(2)"),
    };
}

[Header("linux/bpf.h")]
internal struct bpf_insn
{
    public byte code;

    /// <summary>dst_reg in the low nibble, src_reg in the high one: bit fields in C.</summary>
    [CName("")]
    public byte registers;

    public short off;
    public int imm;
}

/// <summary>The start of <c>union bpf_attr</c> for BPF_PROG_LOAD, as far as a program without maps needs it.</summary>
[Header("linux/bpf.h")]
[CName("union bpf_attr")]
internal unsafe struct bpf_attr_prog_load
{
    public uint prog_type;
    public uint insn_cnt;
    public bpf_insn* insns;
    public byte* license;
    public uint log_level;
    public uint log_size;
    public byte* log_buf;
    public uint kern_version;
    public uint prog_flags;
}

/// <summary>The start of <c>union bpf_attr</c> for BPF_LINK_CREATE on a netdev.</summary>
[Header("linux/bpf.h")]
[CName("union bpf_attr")]
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct bpf_attr_link_create
{
    [FieldOffset(0)]
    [CName("link_create.prog_fd")]
    public uint prog_fd;

    [FieldOffset(4)]
    [CName("link_create.target_ifindex")]
    public uint target_ifindex;

    [FieldOffset(8)]
    [CName("link_create.attach_type")]
    public uint attach_type;

    [FieldOffset(12)]
    [CName("link_create.flags")]
    public uint flags;
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VSwitch.Linux.Headers;

[Header("sys/stat.h")]
internal static unsafe partial class stat_h
{
    public const ushort S_IFMT = 0xF000;
    public const ushort S_IFREG = 0x8000;
    public const ushort S_IFSOCK = 0xC000;
    public const uint STATX_BASIC_STATS = 0x7FF;

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int statx(int directory, string path, int flags, uint mask, statx_struct* status);
}

/// <summary>The fields up to those that are read here; the kernel fills 256 bytes.</summary>
[Header("sys/stat.h")]
[CName("struct statx")]
internal struct statx_struct
{
    public uint stx_mask;
    public uint stx_blksize;
    public ulong stx_attributes;
    public uint stx_nlink;
    public uint stx_uid;
    public uint stx_gid;
    public ushort stx_mode;
    [CName("")]
    public ushort padding;
    public ulong stx_ino;
    public ulong stx_size;
    public ulong stx_blocks;
    [CName("")]
    public rest_bytes rest;

    [InlineArray(256 - 56)]
    internal struct rest_bytes
    {
        private byte _first;
    }
}

using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>What a file is (statx(2), fstatfs(2)).</summary>
public readonly unsafe struct FileStatus
{
    private readonly ushort _mode;
    private readonly long _fileSystem;

    private FileStatus(in statx_struct status, long fileSystem)
    {
        _mode = status.stx_mode;
        _fileSystem = fileSystem;
        Inode = status.stx_ino;
        Bytes = status.stx_size;
        BlockBytes = status.stx_blksize;
    }

    public ulong Inode { get; }

    public ulong Bytes { get; }

    /// <summary>The page size of a file in huge pages.</summary>
    public uint BlockBytes { get; }

    public bool IsSocket => (_mode & stat_h.S_IFMT) == stat_h.S_IFSOCK;

    /// <summary>
    /// A file whose pages are memory (tmpfs, memfd, huge pages): reading a page of it waits for no disk, and for no program
    /// that pretends to be one.
    /// </summary>
    public bool IsMemory =>
        (_mode & stat_h.S_IFMT) == stat_h.S_IFREG && _fileSystem is magic_h.TMPFS_MAGIC or magic_h.HUGETLBFS_MAGIC;

    /// <summary>Reads the status of a path, without following a link.</summary>
    public static bool TryRead(string path, out FileStatus status)
    {
        statx_struct found;
        bool exists = stat_h.statx(fcntl_h.AT_FDCWD, path, fcntl_h.AT_SYMLINK_NOFOLLOW, stat_h.STATX_BASIC_STATS, &found) == 0;
        status = exists ? new FileStatus(in found, 0) : default;
        return exists;
    }

    /// <summary>Reads the status of an open file.</summary>
    public static FileStatus Read(Descriptor file)
    {
        statx_struct found;
        statfs_struct fileSystem;
        LinuxException.Check(stat_h.statx(file.Number, "", fcntl_h.AT_EMPTY_PATH, stat_h.STATX_BASIC_STATS, &found), "statx");
        LinuxException.Check(vfs_h.fstatfs(file.Number, &fileSystem), "fstatfs");
        return new FileStatus(in found, fileSystem.f_type);
    }
}

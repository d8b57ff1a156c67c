using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>What a file is (statx(2), fstatfs(2)).</summary>
public readonly unsafe struct FileStatus
{
    private readonly ushort _mode;

    private FileStatus(in statx_struct status, long fileSystem)
    {
        _mode = status.stx_mode;
        IsNamespace = fileSystem == magic_h.NSFS_MAGIC;
        PageBytes = fileSystem == magic_h.HUGETLBFS_MAGIC ? status.stx_blksize : Environment.SystemPageSize;
        Inode = status.stx_ino;
        Bytes = status.stx_size;
    }

    public ulong Inode { get; }

    public ulong Bytes { get; }

    /// <summary>
    /// The unit in which the file is mapped. Only that of hugetlbfs is a huge page: a tmpfs may have some (huge=always) and names
    /// them as its block size, and its file is mapped in small ones nevertheless.
    /// </summary>
    public long PageBytes { get; }

    /// <summary>Whether an open file stands for a namespace; its inode is the namespace's number.</summary>
    public bool IsNamespace { get; }

    public bool IsSocket => (_mode & stat_h.S_IFMT) == stat_h.S_IFSOCK;

    /// <summary>
    /// Whether an open file's pages are memory (tmpfs, memfd, huge pages): reading a page of it waits for no disk, and for no program
    /// that pretends to be one. Such files and no others have seals (F_GET_SEALS, fcntl(2)). It is the kernel itself that tells
    /// them; any question about the file would go to its file system, which may never answer.
    /// </summary>
    public static bool IsMemory(Descriptor file) => fcntl_h.fcntl(file.Number, fcntl_h.F_GET_SEALS, 0) >= 0;

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

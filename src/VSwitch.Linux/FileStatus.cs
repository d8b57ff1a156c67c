using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>What a file is (statx(2)).</summary>
public readonly unsafe struct FileStatus
{
    private readonly ushort _mode;

    private FileStatus(in statx_struct status)
    {
        _mode = status.stx_mode;
        Inode = status.stx_ino;
    }

    public ulong Inode { get; }

    public bool IsSocket => (_mode & stat_h.S_IFMT) == stat_h.S_IFSOCK;

    /// <summary>Reads the status of a path, without following a link.</summary>
    public static bool TryRead(string path, out FileStatus status)
    {
        statx_struct found;
        bool exists = stat_h.statx(fcntl_h.AT_FDCWD, path, fcntl_h.AT_SYMLINK_NOFOLLOW, stat_h.STATX_BASIC_STATS, &found) == 0;
        status = exists ? new FileStatus(in found) : default;
        return exists;
    }
}

namespace VSwitch.Linux;

/// <summary>
/// Memory that a stranger shares with us by a descriptor: a guest's RAM, a log. The stranger may lie about its length and
/// may make it shorter later; neither harms (see <see cref="BusGuard"/>). Counted: the last holder unmaps it.
/// </summary>
public sealed unsafe class SharedMapping
{
    private static long _totalBytes;

    private readonly MemoryMap _map;
    private readonly long* _mark;
    private int _holders = 1;

    private SharedMapping(MemoryMap map, long pageBytes, long before)
    {
        _map = map;
        _mark = BusGuard.Add(map.Data, map.Bytes, pageBytes);
        Data = map.Data + before;
        Interlocked.Add(ref _totalBytes, map.Bytes);
    }

    /// <summary>How much address space all of them take.</summary>
    public static long TotalBytes => Volatile.Read(ref _totalBytes);

    /// <summary>The first byte that was asked for.</summary>
    public byte* Data { get; }

    /// <summary>How much address space it takes: whole pages of the file.</summary>
    public long Bytes => _map.Bytes;

    /// <summary>Whether a page of it was missing when somebody touched it.</summary>
    public bool IsBroken => Volatile.Read(ref *_mark) != 0;

    /// <summary>Maps a part of a file, to read and write.</summary>
    /// <param name="file">Stays the caller's.</param>
    /// <param name="bytes">How many.</param>
    /// <param name="offset">Of the first; need not be that of a page.</param>
    /// <exception cref="LinuxException">
    /// The file is none in memory (ENODEV), is shorter (EINVAL), may not be written, or there is no address space left.
    /// </exception>
    public static SharedMapping Open(Descriptor file, ulong bytes, ulong offset = 0)
    {
        if (!FileStatus.IsMemory(file))
            throw new LinuxException("map a file that is not in memory", Errno.ENODEV);
        FileStatus status = FileStatus.Read(file);
        if (bytes == 0 || offset > status.Bytes || bytes > status.Bytes - offset || status.Bytes > long.MaxValue / 2)
            throw new LinuxException($"map {bytes} bytes at {offset} of a file of {status.Bytes}", Errno.EINVAL);

        long before = (long)offset % status.PageBytes;
        long pages = (before + (long)bytes + status.PageBytes - 1) / status.PageBytes;
        MemoryMap map = MemoryMap.Shared(file, (long)offset - before, pages * status.PageBytes);
        try
        {
            if ((nint)map.Data % status.PageBytes != 0)
                throw new LinuxException($"map pages of {status.PageBytes} bytes at {(nint)map.Data:x}", Errno.EINVAL);
            return new SharedMapping(map, status.PageBytes, before);
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    public void AddHolder() => Interlocked.Increment(ref _holders);

    public void RemoveHolder()
    {
        if (Interlocked.Decrement(ref _holders) != 0)
            return;
        BusGuard.Remove(_mark);
        _map.Dispose();
        Interlocked.Add(ref _totalBytes, -_map.Bytes);
    }
}

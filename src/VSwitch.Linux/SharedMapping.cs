namespace VSwitch.Linux;

/// <summary>
/// Memory that a stranger shares with us by a descriptor: a guest's RAM, a log. The stranger may lie about its length and
/// may make it shorter later; neither harms (see <see cref="BusGuard"/>). Counted: the last holder unmaps it.
/// </summary>
public sealed unsafe class SharedMapping
{
    private readonly MemoryMap _map;
    private readonly long* _mark;
    private int _holders = 1;

    private SharedMapping(MemoryMap map, long pageBytes)
    {
        _map = map;
        _mark = BusGuard.Add(map.Data, map.Bytes, pageBytes);
    }

    public byte* Data => _map.Data;

    public long Bytes => _map.Bytes;

    /// <summary>Whether a page of it was missing when somebody touched it.</summary>
    public bool IsBroken => Volatile.Read(ref *_mark) != 0;

    /// <summary>Maps the first bytes of a file, to read and write.</summary>
    /// <param name="file">Stays the caller's.</param>
    /// <param name="bytes">How many; rounded up to the file's pages.</param>
    /// <exception cref="LinuxException">
    /// The file is none in memory (ENODEV), is shorter (EINVAL), may not be written, or there is no address space left.
    /// </exception>
    public static SharedMapping Open(Descriptor file, ulong bytes)
    {
        FileStatus status = FileStatus.Read(file);
        if (!status.IsMemory)
            throw new LinuxException("map a file that is not in memory", Errno.ENODEV);
        if (bytes == 0 || bytes > status.Bytes || bytes > long.MaxValue / 2)
            throw new LinuxException($"map {bytes} bytes of a file of {status.Bytes}", Errno.EINVAL);

        long pageBytes = Math.Max(status.BlockBytes, Environment.SystemPageSize);
        long rounded = ((long)bytes + pageBytes - 1) / pageBytes * pageBytes;
        MemoryMap map = MemoryMap.Shared(file, 0, rounded);
        try
        {
            return new SharedMapping(map, pageBytes);
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
    }
}

using VSwitch.Linux;

namespace VSwitch.Ports.VhostUser;

/// <summary>
/// The log of a live migration: one bit for each 4 KB page of guest memory, set when something was written to the page
/// (vhost-user, "Migration"). The front end clears bits at the same time, so they are set by atomic operations.
/// </summary>
internal sealed unsafe class DirtyLog
{
    private const int PageShift = 12;
    private const int PagesPerWord = 32;

    /// <summary>
    /// A log reaches to the end of the last region, which lies higher than there is memory: a byte for every 8 pages below
    /// eight times what a guest may have.
    /// </summary>
    private const ulong BytesMax = (8 * GuestMemory.BytesMax >> PageShift) / 8;

    private readonly SharedMapping _mapping;
    private readonly int* _words;
    private readonly ulong _wordCount;

    /// <exception cref="VhostUserException">It cannot be mapped.</exception>
    public DirtyLog(Descriptor file, ulong bytes, ulong offset)
    {
        if (offset % sizeof(int) != 0 || bytes > BytesMax)
            throw new VhostUserException(VhostUserFault.BadLog, $"a log of {bytes} bytes at {offset}");
        try
        {
            _mapping = SharedMapping.Open(file, bytes, offset);
        }
        catch (LinuxException exception)
        {
            throw new VhostUserException(VhostUserFault.BadLog, exception.Message);
        }
        _words = (int*)_mapping.Data;
        _wordCount = bytes / sizeof(int);
    }

    public bool IsBroken => _mapping.IsBroken;

    /// <summary>Marks the pages of bytes that have been written.</summary>
    /// <param name="address">Guest-physical.</param>
    /// <param name="bytes">More than zero.</param>
    /// <returns>False when the log does not reach so far.</returns>
    public bool TryMark(ulong address, ulong bytes)
    {
        ulong last = address + (bytes - 1) >> PageShift;
        if (last / PagesPerWord >= _wordCount)
            return false;
        for (ulong page = address >> PageShift; page <= last; page++)
            Interlocked.Or(ref _words[page / PagesPerWord], 1 << (int)(page % PagesPerWord));
        return true;
    }

    public void AddHolder() => _mapping.AddHolder();

    public void RemoveHolder() => _mapping.RemoveHolder();
}

using System.Runtime.CompilerServices;
using VSwitch.Linux;

namespace VSwitch.Ports;

/// <summary>
/// Memory into which a receive queue reads frames, one behind the other, and which it lends until they are released.
/// Small frames lie close together: a batch of them stays in the first-level cache, and their headers fall on different
/// cache sets, which fixed slots of a power of two would not give. When nothing is lent any more it starts again at the
/// front. Pages that no frame has reached take no memory.
/// <para>
/// The receiving worker reads, lends and releases. The control loop disposes, perhaps while frames are lent: then the last
/// release gives the memory back. Holders are the lent frames and, until it disposes, the owner.
/// </para>
/// </summary>
/// <param name="ring">Other memory of the queue that frames are lent from, given back together with this; or null.</param>
internal sealed unsafe class ReceiveArena(IDisposable? ring = null) : IDisposable
{
    /// <summary>
    /// Room that one read must have: the largest GSO packet of the kernel (64 KB), its Ethernet header and two tags, the
    /// 10-byte virtio header. A read that fills all of it was truncated.
    /// </summary>
    public const int SlotBytes = (64 << 10) + 64;

    /// <summary>A batch of large frames ends when this is used up, so that it stays in the second-level cache.</summary>
    private const int ArenaBytes = 1 << 19;

    private const int AlignmentBytes = 64;

    private MemoryMap _memory = MemoryMap.Anonymous(ArenaBytes);
    private int _used;
    private int _holders = 1;

    public bool HasRoom => _used <= ArenaBytes - SlotBytes;

    /// <summary>Where the next <see cref="SlotBytes"/> may be written; on a cache line boundary.</summary>
    public byte* Next => _memory.Data + _used;

    /// <summary>Keeps the first bytes of what was written at <see cref="Next"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Keep(int bytes) => _used += (bytes + AlignmentBytes - 1) & -AlignmentBytes;

    /// <summary>Makes room for several reads at once, of <see cref="SlotBytes"/> each, at <see cref="Slot"/>.</summary>
    /// <returns>False while frames are lent, or when there is no memory; then everything is as it was.</returns>
    public bool TryMakeSlots(int count)
    {
        if (_used != 0)
            return false;
        if (_memory.Bytes >= count * SlotBytes)
            return true;
        try
        {
            MemoryMap larger = MemoryMap.Anonymous(count * SlotBytes);
            _memory.Dispose();
            _memory = larger;
            return true;
        }
        catch (LinuxException)
        {
            return false;
        }
    }

    /// <summary>Where the read of this number may write.</summary>
    public byte* Slot(int index) => _memory.Data + index * SlotBytes;

    /// <summary>Keeps what was written into so many slots.</summary>
    public void KeepSlots(int count) => _used = count * SlotBytes;

    /// <summary>Says how many frames of those kept a receive lends; once for each receive.</summary>
    public void Lend(int frames) => Interlocked.Add(ref _holders, frames);

    /// <summary>Takes lent frames back.</summary>
    public void Release(int frames)
    {
        int holders = Interlocked.Add(ref _holders, -frames);
        if (holders == 1)
            _used = 0;
        else if (holders == 0)
            Free();
    }

    /// <summary>The owner's last call; it may come once only.</summary>
    public void Dispose() => Release(1);

    private void Free()
    {
        _memory.Dispose();
        ring?.Dispose();
    }
}

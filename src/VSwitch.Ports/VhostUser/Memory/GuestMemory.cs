using VSwitch.Linux;

namespace VSwitch.Ports.VhostUser;

/// <summary>
/// A guest's memory as it is mapped here: an immutable table of regions. Rings hold the table that they work with, so a
/// region stays mapped for as long as a worker may be inside it, whatever the front end has said since.
/// </summary>
internal sealed unsafe class GuestMemory
{
    /// <summary>Regions at most (VHOST_USER_GET_MAX_MEM_SLOTS).</summary>
    public const int RegionCountMax = 32;

    /// <summary>
    /// Of all regions of a guest, 4 TB: a region counts whether it has memory or is only kept free for more, but no host gives a guest
    /// more than that.
    /// </summary>
    public const ulong BytesMax = 1UL << 42;

    /// <summary>
    /// What a guest may have whatever the others have, 64 GB. A card's 1,024 guests take half of the 47 bits of addresses with it.
    /// </summary>
    private const ulong BytesAlways = 1UL << 36;

    /// <summary>
    /// Guests that have more get it until all have mapped 32 TB, which is beyond what a host has. So there is room for any
    /// mixture of real guests, and whatever guests make up, a quarter of the addresses stays ours.
    /// </summary>
    private const ulong BytesTogether = 1UL << 45;

    private readonly GuestRegion[] _regions;
    private int _holders = 1;

    private GuestMemory(GuestRegion[] regions) => _regions = regions;

    public static GuestMemory Empty() => new([]);

    public bool HasRegions => _regions.Length > 0;

    /// <summary>Whether a page of it was missing when somebody touched it: the guest's file was cut.</summary>
    public bool IsBroken
    {
        get
        {
            foreach (ref readonly GuestRegion region in _regions.AsSpan())
            {
                if (region.Mapping.IsBroken)
                    return true;
            }
            return false;
        }
    }

    /// <summary>
    /// The same memory and one more region. A region that is there already takes the place of the old one: QEMU
    /// announces its regions once for each queue pair.
    /// </summary>
    /// <exception cref="VhostUserException">It cannot be mapped, or lies on another.</exception>
    public GuestMemory With(in RegionMessage message, Descriptor file)
    {
        GuestRegion[] others = Others(message);
        if (others.Length == RegionCountMax)
            throw new VhostUserException(VhostUserFault.BadMemory, $"more than {RegionCountMax} regions");
        ulong bytes = Math.Min(message.Bytes, BytesMax);
        foreach (ref readonly GuestRegion other in others.AsSpan())
        {
            bytes += other.Bytes;
            if (other.Overlaps(in message))
                throw new VhostUserException(VhostUserFault.BadMemory, $"regions at {other.GuestStart:x} and {message.GuestStart:x} overlap");
        }
        if (bytes > BytesMax || message.Bytes > BytesMax)
            throw new VhostUserException(VhostUserFault.BadMemory, $"{bytes} bytes of memory");
        if (bytes > BytesAlways && (ulong)SharedMapping.TotalBytes + message.Bytes > BytesTogether)
            throw new VhostUserException(VhostUserFault.BadMemory, $"{bytes} bytes of memory, and other guests have {SharedMapping.TotalBytes}");

        var region = GuestRegion.Map(in message, file);
        return Share(others, region);
    }

    /// <summary>
    /// The same memory but for one region. One that is not there is no mistake: QEMU takes its regions back once for each
    /// queue pair too.
    /// </summary>
    public GuestMemory Without(in RegionMessage message) => Share(Others(message));

    public void AddHolder() => Interlocked.Increment(ref _holders);

    public void RemoveHolder()
    {
        if (Interlocked.Decrement(ref _holders) != 0)
            return;
        foreach (ref readonly GuestRegion region in _regions.AsSpan())
            region.Mapping.RemoveHolder();
    }

    /// <summary>Finds the region that a guest-physical address is in.</summary>
    public bool TryFind(ulong address, out GuestWindow window)
    {
        foreach (ref readonly GuestRegion region in _regions.AsSpan())
        {
            if (address - region.GuestStart < region.Bytes)
            {
                window = new GuestWindow(region.GuestStart, region.Bytes, region.Data);
                return true;
            }
        }
        window = default;
        return false;
    }

    /// <summary>Translates an address of the front end's; null unless all the bytes are in one region.</summary>
    public byte* TranslateUser(ulong address, ulong bytes)
    {
        foreach (ref readonly GuestRegion region in _regions.AsSpan())
        {
            ulong offset = address - region.UserStart;
            if (offset < region.Bytes && bytes <= region.Bytes - offset)
                return region.Data + offset;
        }
        return null;
    }

    /// <summary>The guest-physical address of a byte in a region.</summary>
    public ulong GuestAddress(byte* data)
    {
        foreach (ref readonly GuestRegion region in _regions.AsSpan())
        {
            ulong offset = (ulong)(data - region.Data);
            if (offset < region.Bytes)
                return region.GuestStart + offset;
        }
        throw new InvalidOperationException("No region has this byte.");
    }

    private GuestRegion[] Others(RegionMessage message) => [.. _regions.Where(region => !region.Is(message))];

    /// <summary>Memory of regions that are mapped already, and new ones.</summary>
    private static GuestMemory Share(GuestRegion[] mapped, params ReadOnlySpan<GuestRegion> added)
    {
        foreach (ref readonly GuestRegion region in mapped.AsSpan())
            region.Mapping.AddHolder();
        return new GuestMemory([.. mapped, .. added]);
    }
}

/// <summary>A range of guest-physical addresses and where it is mapped: what a ring remembers of the last region it was in.</summary>
internal readonly unsafe struct GuestWindow(ulong start, ulong bytes, byte* data)
{
    public readonly ulong Start = start;
    public readonly ulong Bytes = bytes;
    public readonly byte* Data = data;

    /// <summary>Null unless all the bytes are in this window. No address and no length can make the sums overflow.</summary>
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]
    public byte* Translate(ulong address, ulong bytes)
    {
        ulong offset = address - Start;
        return offset < Bytes && bytes <= Bytes - offset ? Data + offset : null;
    }
}

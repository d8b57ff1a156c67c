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

    /// <summary>Of all regions together: nobody has so much, and the address space is not for one guest alone.</summary>
    private const ulong BytesMax = 1UL << 44;

    private readonly GuestRegion[] _regions;
    private int _holders = 1;

    private GuestMemory(GuestRegion[] regions) => _regions = regions;

    public static GuestMemory Empty() => new([]);

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

    /// <summary>The same memory and one more region.</summary>
    /// <exception cref="VhostUserException">It cannot be mapped, or lies on another.</exception>
    public GuestMemory With(in RegionMessage message, Descriptor file)
    {
        if (_regions.Length == RegionCountMax)
            throw new VhostUserException(VhostUserFault.BadMemory, $"more than {RegionCountMax} regions");
        ulong bytes = message.Bytes;
        foreach (ref readonly GuestRegion other in _regions.AsSpan())
        {
            bytes += other.Bytes;
            if (other.Overlaps(message))
                throw new VhostUserException(VhostUserFault.BadMemory, "two regions overlap");
        }
        if (message.Bytes > BytesMax || bytes > BytesMax)
            throw new VhostUserException(VhostUserFault.BadMemory, $"{bytes} bytes of memory");

        return new GuestMemory([.. Shared(), GuestRegion.Map(message, file)]);
    }

    /// <summary>The same memory but for one region.</summary>
    /// <exception cref="VhostUserException">There is no such region.</exception>
    public GuestMemory Without(RegionMessage message)
    {
        GuestRegion[] rest = [.. _regions.Where(region => !region.Is(message))];
        if (rest.Length != _regions.Length - 1)
            throw new VhostUserException(VhostUserFault.BadMemory, "no such region to remove");
        foreach (GuestRegion region in rest)
            region.Mapping.AddHolder();
        return new GuestMemory(rest);
    }

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

    private GuestRegion[] Shared()
    {
        foreach (ref readonly GuestRegion region in _regions.AsSpan())
            region.Mapping.AddHolder();
        return _regions;
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

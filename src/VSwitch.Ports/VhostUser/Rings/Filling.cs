using System.Runtime.CompilerServices;

namespace VSwitch.Ports.VhostUser;

/// <summary>
/// One batch's work on a guest's receive ring: how many chains there were, and how many have been filled. The guest
/// learns of all of them at once, at the end.
/// </summary>
internal struct Filling
{
    /// <summary>
    /// Descriptors that one batch gathers at most: three times what all its frames take of a ring of 1024 chains of 20, and
    /// a millisecond's work.
    /// </summary>
    private const int DescriptorCountMax = 65_536;

    /// <summary>Descriptors that may still be gathered.</summary>
    public int Budget = DescriptorCountMax;

    private bool _hasLookedAgain;

    public Filling(GuestRing ring)
    {
        Ring = ring;
        Left = ring.CountAvailable();
    }

    public GuestRing Ring { get; }

    /// <summary>Chains filled.</summary>
    public int Used { get; private set; }

    /// <summary>Chains that can be filled.</summary>
    public int Left { get; private set; }

    /// <summary>Whether so many can be filled. Looks once more for what the guest has added since.</summary>
    public bool HasLeft(int count)
    {
        if (Left < count && !_hasLookedAgain)
        {
            _hasLookedAgain = true;
            Left = Ring.CountAvailable() - Used;
        }
        return Left >= count;
    }

    /// <summary>Asks the processor for the descriptors of the next chains, which the guest wrote.</summary>
    public readonly unsafe void Prefetch(int count)
    {
        count = Math.Min(count, Left);
        for (int place = 0; place < count && Ring.TryPeek(place, out ushort head); place++)
            Bytes.Prefetch(Ring.Descriptors + head);
    }

    /// <summary>The next chain has been filled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Use(ushort head, uint bytes)
    {
        Ring.Use(Used++, head, bytes);
        Left--;
    }

    /// <summary>Tells the guest, unless its front end has left meanwhile.</summary>
    public readonly void Publish()
    {
        if (Used == 0 || Ring.Gate.IsAbandoned)
            return;
        Ring.Take(Used);
        Ring.Publish(Used);
    }
}

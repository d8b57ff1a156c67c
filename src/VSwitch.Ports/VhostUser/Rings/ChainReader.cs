using System.Runtime.CompilerServices;
using VSwitch.Frames;
using VSwitch.Linux;

namespace VSwitch.Ports.VhostUser;

/// <summary>
/// Reads the descriptor chains of one ring (virtio 1.2 section 2.7.5). A descriptor is read once, into a local, and checked
/// there, because the guest may change it at any time. A chain can neither leave its table nor go round in it.
/// </summary>
internal sealed unsafe class ChainReader(GuestMemory memory, RingDescriptor* descriptors, uint entryCount, bool hasIndirect)
{
    /// <summary>The answer to a chain of more buffers or descriptors than the caller has room for.</summary>
    public const int TooMany = int.MinValue;

    /// <summary>Descriptors of one indirect table at most; guests use some twenty.</summary>
    private const uint IndirectCountMax = 1024;

    private GuestWindow _window;

    public RingDescriptor* Descriptors => descriptors;

    /// <summary>Translates a buffer; null unless it is within one region.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Translate(ulong address, ulong bytes)
    {
        byte* data = _window.Translate(address, bytes);
        return data != null ? data : TranslateElsewhere(address, bytes);
    }

    /// <summary>Gathers the buffers of a chain.</summary>
    /// <param name="head">Checked.</param>
    /// <param name="isWritable">Which of the two kinds all of them must be.</param>
    /// <param name="segments">Receives them, as they are mapped.</param>
    /// <param name="capacity">Segments at most.</param>
    /// <param name="budget">Descriptors that may still be read, less those that were: an empty one makes no segment, but takes time.</param>
    /// <param name="bytes">Receives their length, all together.</param>
    /// <returns>Segments; a <see cref="VhostUserFault"/>, negative; or <see cref="TooMany"/>.</returns>
    public int Gather(ushort head, bool isWritable, Segment* segments, int capacity, ref int budget, out ulong bytes)
    {
        RingDescriptorFlags direction = isWritable ? RingDescriptorFlags.Write : RingDescriptorFlags.None;
        RingDescriptor* table = descriptors;
        uint entries = entryCount;
        uint index = head;
        bool isIndirect = false;
        int count = 0;
        bytes = 0;
        for (uint left = entries; left > 0; left--)
        {
            if (budget == 0)
                return TooMany;
            budget--;
            RingDescriptor descriptor = table[index];
            if ((descriptor.Flags & RingDescriptorFlags.Indirect) != 0)
            {
                table = EnterIndirect(in descriptor, isNested: isIndirect, out entries);
                if (table == null)
                    return Refuse(VhostUserFault.BadIndirect);
                isIndirect = true;
                index = 0;
                left = entries + 1;
                continue;
            }

            if ((descriptor.Flags & RingDescriptorFlags.Write) != direction)
                return Refuse(VhostUserFault.BadDescriptor);
            int added = Append(in descriptor, segments + count, capacity - count);
            if (added < 0)
                return added;
            count += added;
            bytes += descriptor.Bytes;

            if ((descriptor.Flags & RingDescriptorFlags.Next) == 0)
                return count;
            index = descriptor.Next;
            if (index >= entries)
                return Refuse(VhostUserFault.BadDescriptor);
        }
        return Refuse(VhostUserFault.ChainLoop);
    }

    private static int Refuse(VhostUserFault fault) => -(int)fault;

    private byte* TranslateElsewhere(ulong address, ulong bytes)
    {
        if (!memory.TryFind(address, out GuestWindow window))
            return null;
        _window = window;
        return window.Translate(address, bytes);
    }

    /// <summary>A buffer that goes on from one region into the next is as many segments.</summary>
    private int Append(in RingDescriptor descriptor, Segment* segments, int capacity)
    {
        ulong address = descriptor.Address;
        ulong left = descriptor.Bytes;
        int count = 0;
        while (left > 0)
        {
            if (count == capacity)
                return TooMany;
            byte* data = Translate(address, 1);
            if (data == null)
                return Refuse(VhostUserFault.BadAddress);
            ulong run = Math.Min(left, _window.Bytes - (address - _window.Start));
            segments[count++] = new Segment { Data = data, Bytes = (nuint)run };
            address += run;
            left -= run;
        }
        return count;
    }

    private RingDescriptor* EnterIndirect(in RingDescriptor descriptor, bool isNested, out uint entries)
    {
        entries = descriptor.Bytes / RingLayout.DescriptorBytes;
        bool isAllowed = hasIndirect
            && !isNested
            && (descriptor.Flags & RingDescriptorFlags.Next) == 0
            && descriptor.Bytes % RingLayout.DescriptorBytes == 0
            && entries is > 0 and <= IndirectCountMax;
        return isAllowed ? (RingDescriptor*)Translate(descriptor.Address, descriptor.Bytes) : null;
    }
}

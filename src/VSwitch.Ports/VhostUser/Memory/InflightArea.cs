using System.Buffers;
using System.Runtime.InteropServices;
using VSwitch.Linux;

namespace VSwitch.Ports.VhostUser;

/// <summary>
/// Shared memory in which a back end notes the descriptors that it has taken and not yet used, so that the one that
/// comes after it finishes them (vhost-user, "Inflight I/O tracking"). The front end keeps the memory; it has one part
/// for each ring.
/// </summary>
internal sealed unsafe class InflightArea
{
    private const ulong PartAlignment = 64;
    private const int HeaderBytes = 16;
    private const int EntryBytes = 16;

    private readonly SharedMapping _mapping;
    private readonly int _ringCount;
    private readonly ushort _ringSize;

    /// <summary>Maps what the rings need of it, and no more.</summary>
    /// <exception cref="VhostUserException">It cannot be mapped, or is too small for so many rings.</exception>
    public InflightArea(Descriptor file, in InflightMessage message)
    {
        ulong bytes = BytesFor(message.RingCount, message.RingSize);
        if (message.Offset % PartAlignment != 0 || message.Bytes < bytes)
            throw new VhostUserException(VhostUserFault.BadInflight, $"{message.Bytes} bytes for {message.RingCount} rings");
        try
        {
            _mapping = SharedMapping.Open(file, bytes, message.Offset);
        }
        catch (LinuxException exception)
        {
            throw new VhostUserException(VhostUserFault.BadInflight, exception.Message);
        }
        _ringCount = message.RingCount;
        _ringSize = message.RingSize;
    }

    public bool IsBroken => _mapping.IsBroken;

    /// <summary>Memory that so many rings of such a size take.</summary>
    public static ulong BytesFor(int ringCount, int ringSize) => (ulong)ringCount * PartBytes(ringSize);

    /// <summary>The part of one ring.</summary>
    /// <exception cref="VhostUserException">It has no part, or one for a smaller ring.</exception>
    public InflightPart Part(int ring, uint ringSize)
    {
        if (ring >= _ringCount || ringSize > _ringSize)
            throw new VhostUserException(VhostUserFault.BadInflight, $"no part for ring {ring} of size {ringSize}");
        byte* part = _mapping.Data + (ulong)ring * PartBytes(_ringSize);
        return new InflightPart((InflightHeader*)part, (InflightEntry*)(part + HeaderBytes), ringSize);
    }

    public void AddHolder() => _mapping.AddHolder();

    public void RemoveHolder() => _mapping.RemoveHolder();

    private static ulong PartBytes(int ringSize) =>
        ((ulong)HeaderBytes + (ulong)ringSize * EntryBytes + PartAlignment - 1) & ~(PartAlignment - 1);
}

/// <summary><c>struct QueueRegionSplit</c> without its entries.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InflightHeader
{
    public ulong Features;
    public ushort Version;
    public ushort EntryCount;
    public ushort LastBatchHead;
    public ushort UsedIndex;
}

/// <summary><c>struct DescStateSplit</c>: one for each descriptor, used when it is the head of a chain.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct InflightEntry
{
    [FieldOffset(0)]
    public byte IsInflight;
    [FieldOffset(6)]
    public ushort Next;
    [FieldOffset(8)]
    public ulong Counter;
}

/// <summary>What the in-flight area holds for one ring. Written by the worker that has the ring.</summary>
internal readonly unsafe struct InflightPart(InflightHeader* header, InflightEntry* entries, uint ringSize)
{
    private const ushort Version = 1;

    public bool IsThere => header != null;

    /// <summary>
    /// Takes over from the back end before us: what it had used is no longer in flight, though it may have died before it
    /// noted that, and what is left is to be done again, in order.
    /// </summary>
    /// <param name="usedIndex">Of the used ring as it is now.</param>
    /// <param name="counter">Receives the last number that was given to a chain.</param>
    /// <returns>Heads of chains.</returns>
    public ushort[] Recover(ushort usedIndex, out ulong counter)
    {
        counter = 0;
        if (header->Version == 0)
        {
            header->Version = Version;
            header->EntryCount = (ushort)ringSize;
            header->UsedIndex = usedIndex;
            return [];
        }

        int unfinished = Math.Min((ushort)(usedIndex - header->UsedIndex), (int)ringSize);
        ushort head = header->LastBatchHead;
        for (int i = 0; i < unfinished && head < ringSize; i++)
        {
            entries[head].IsInflight = 0;
            head = entries[head].Next;
        }
        header->UsedIndex = usedIndex;

        ulong[] counters = ArrayPool<ulong>.Shared.Rent((int)ringSize);
        ushort[] heads = ArrayPool<ushort>.Shared.Rent((int)ringSize);
        int count = 0;
        for (uint i = 0; i < ringSize; i++)
        {
            if (entries[i].IsInflight == 0)
                continue;
            counters[count] = entries[i].Counter;
            heads[count++] = (ushort)i;
        }
        counters.AsSpan(0, count).Sort(heads.AsSpan(0, count));
        counter = count > 0 ? counters[count - 1] : 0;
        ushort[] inOrder = heads[..count];
        ArrayPool<ulong>.Shared.Return(counters);
        ArrayPool<ushort>.Shared.Return(heads);
        return inOrder;
    }

    /// <summary>A chain has been taken.</summary>
    public void Take(ushort head, ulong counter)
    {
        entries[head].Counter = counter;
        Volatile.Write(ref entries[head].IsInflight, 1);
    }

    /// <summary>A chain is about to be used: before the used index says so.</summary>
    public void Prepare(ushort head)
    {
        entries[head].Next = header->LastBatchHead;
        Volatile.Write(ref header->LastBatchHead, head);
    }

    /// <summary>A chain has been used: after the used index said so.</summary>
    public void Finish(ushort head) => Volatile.Write(ref entries[head].IsInflight, 0);

    /// <summary>All chains of a batch have been finished.</summary>
    public void Settle(ushort usedIndex) => Volatile.Write(ref header->UsedIndex, usedIndex);
}

using System.Runtime.CompilerServices;

namespace VSwitch.Forwarding;

/// <summary>What the table made of a source address.</summary>
public enum LearnResult : byte
{
    /// <summary>The address is behind this port, as known, learnt or moved here just now.</summary>
    Here,
    /// <summary>The address is static behind another port: the frame is not what it says it is.</summary>
    StaticElsewhere,
}

/// <summary>
/// Which port is a MAC address behind, in which VLAN.
///
/// Theory of operation. The table is a fixed array of buckets of <see cref="Ways"/> slots; an address may stand in
/// either of two buckets that its hash names, so that a bucket overflows only when the table is full. A slot is a key
/// (VLAN and address, 64 bits) and a value (port, time last seen, static flag, 64 bits), in two arrays. Lookup takes
/// no lock: it reads a key, its value, and the key again. Who changes a slot clears the key first, then writes the
/// value, then the new key, so that no reader takes one address's port for another's.
///
/// Refreshing the time of a known address is one atomic exchange by the worker whose port the address is behind, at most
/// once a second; it changes nothing if the slot has become another's meanwhile. Everything else (a new address, a move,
/// ageing, flushing) needs the writer's right, which is taken by one atomic exchange and held for one change: the control
/// loop looks for what is to go without it. A worker tries a few times, about as long as a change takes; if the holder was
/// interrupted, the address is learnt with its next frame.
///
/// The table is bounded. When it is full, a new address takes the place of a dynamic one of the port that holds most,
/// so that a guest that floods addresses evicts its own. Static addresses are never evicted, aged or moved.
/// </summary>
public sealed class MacTable
{
    public const int DefaultCapacity = 65536;
    public const int PortCountMax = 65536;

    private const int Ways = 8;
    private const int WorkerTries = 100;
    private const int EvictionScanBuckets = 4096;

    private readonly ulong[] _keys;
    private readonly ulong[] _values;
    private readonly int[] _portCounts;
    private readonly int _bucketShift;
    private readonly int _bucketMask;
    private int _count;
    private int _largestPort;
    private int _evictionHand;
    private int _writing;

    /// <param name="capacity">Addresses at most, 64 to 2^20.</param>
    /// <param name="portCount">Port indexes are below this.</param>
    public MacTable(int capacity = DefaultCapacity, int portCount = 4096)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 64);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 1 << 20);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(portCount, PortCountMax);
        Capacity = capacity;
        int bucketBits = 32 - int.LeadingZeroCount((capacity * 2 / Ways) - 1);
        _bucketShift = 64 - bucketBits;
        _bucketMask = (1 << bucketBits) - 1;
        _keys = new ulong[Ways << bucketBits];
        _values = new ulong[Ways << bucketBits];
        _portCounts = new int[portCount];
    }

    public int Capacity { get; }

    /// <summary>Addresses in the table, static ones included.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Addresses that were evicted because the table was full.</summary>
    public ulong Evictions { get; private set; }

    /// <summary>Addresses that moved from one port to another.</summary>
    public ulong Moves { get; private set; }

    /// <summary>The port that an address is behind.</summary>
    /// <param name="vlan">1-4094.</param>
    /// <param name="address">48 bits.</param>
    /// <returns>The port's index, or -1 when the address is not known.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Lookup(int vlan, ulong address)
    {
        int slot = Find(Key(vlan, address), out ulong value);
        return slot >= 0 ? Entry.Port(value) : -1;
    }

    /// <summary>Notes that an address sent a frame from a port.</summary>
    /// <param name="nowSeconds">Seconds of a clock that never goes back.</param>
    public LearnResult Learn(int vlan, ulong address, int port, uint nowSeconds)
    {
        ulong key = Key(vlan, address);
        int slot = Find(key, out ulong value);
        if (slot < 0)
        {
            LearnNew(key, port, nowSeconds);
            return LearnResult.Here;
        }
        if (Entry.Port(value) == port)
        {
            if (Entry.Seconds(value) != nowSeconds && !Entry.IsStatic(value))
                Interlocked.CompareExchange(ref _values[slot], Entry.Dynamic(port, nowSeconds), value);
            return LearnResult.Here;
        }
        if (Entry.IsStatic(value))
            return LearnResult.StaticElsewhere;
        Move(slot, key, port, nowSeconds);
        return LearnResult.Here;
    }

    /// <summary>The port that an address is behind beyond doubt: it is static there, or sent from there a moment ago.</summary>
    /// <param name="freshSecondsMax">How long ago that may be.</param>
    /// <returns>The port's index, or -1.</returns>
    public int LookupFresh(int vlan, ulong address, uint nowSeconds, uint freshSecondsMax)
    {
        int slot = Find(Key(vlan, address), out ulong value);
        bool isFresh = slot >= 0 && (Entry.IsStatic(value) || nowSeconds - Entry.Seconds(value) <= freshSecondsMax);
        return isFresh ? Entry.Port(value) : -1;
    }

    /// <summary>Makes an address static behind a port; it replaces a dynamic entry. Control loop only.</summary>
    /// <returns>False when the address is static behind another port already, or there is no room.</returns>
    public bool AddStatic(int vlan, ulong address, int port)
    {
        ulong key = Key(vlan, address);
        BeginWriteWaiting();
        try
        {
            int slot = Find(key, out ulong value);
            if (slot >= 0 && Entry.IsStatic(value))
                return Entry.Port(value) == port;
            if (slot >= 0)
                Clear(slot);
            return Insert(key, Entry.Static(port));
        }
        finally
        {
            EndWrite();
        }
    }

    /// <summary>Removes a port's static address. Control loop only.</summary>
    public void RemoveStatic(int vlan, ulong address, int port)
    {
        BeginWriteWaiting();
        int slot = Find(Key(vlan, address), out ulong value);
        if (slot >= 0 && value == Entry.Static(port))
            Clear(slot);
        EndWrite();
    }

    /// <summary>Removes a port's addresses: all of them, or only the dynamic ones. Control loop only.</summary>
    public void Flush(int port, bool includeStatic) =>
        RemoveWhere((_, value) => Entry.Port(value) == port && (includeStatic || !Entry.IsStatic(value)));

    /// <summary>Removes dynamic addresses: of one VLAN and one port, or of all where null. Control loop only.</summary>
    public int FlushDynamic(int? vlan = null, int? port = null, ulong? address = null) =>
        RemoveWhere((key, value) => !Entry.IsStatic(value)
            && (vlan is null || VlanOf(key) == vlan)
            && (address is null || AddressOf(key) == address)
            && (port is null || Entry.Port(value) == port));

    /// <summary>Removes dynamic addresses that were last seen more than <paramref name="ageSecondsMax"/> ago. Control loop only.</summary>
    public int Age(uint nowSeconds, uint ageSecondsMax) =>
        RemoveWhere((_, value) => !Entry.IsStatic(value) && nowSeconds - Entry.Seconds(value) > ageSecondsMax && nowSeconds >= Entry.Seconds(value));

    /// <summary>The table's content, by VLAN and address; an entry that changes meanwhile may be missing.</summary>
    public List<MacTableEntry> Entries(uint nowSeconds)
    {
        var entries = new List<MacTableEntry>();
        for (int slot = 0; slot < _keys.Length; slot++)
        {
            ulong key = Volatile.Read(ref _keys[slot]);
            ulong value = Volatile.Read(ref _values[slot]);
            if (key == 0 || Volatile.Read(ref _keys[slot]) != key)
                continue;
            uint age = Entry.IsStatic(value) || nowSeconds < Entry.Seconds(value) ? 0 : nowSeconds - Entry.Seconds(value);
            entries.Add(new MacTableEntry(VlanOf(key), AddressOf(key), Entry.Port(value), Entry.IsStatic(value), age));
        }
        entries.Sort((a, b) => (a.Vlan, a.Address).CompareTo((b.Vlan, b.Address)));
        return entries;
    }

    private static ulong Key(int vlan, ulong address) => (ulong)vlan << 48 | address;

    private static int VlanOf(ulong key) => (int)(key >> 48);

    private static ulong AddressOf(ulong key) => key & 0xFFFF_FFFF_FFFF;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Find(ulong key, out ulong value)
    {
        ulong hash = Hash(key);
        int slot = FindIn(FirstBucket(hash), key, out value);
        return slot >= 0 ? slot : FindIn(SecondBucket(hash), key, out value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int FindIn(int bucket, ulong key, out ulong value)
    {
        int first = bucket * Ways;
        ReadOnlySpan<ulong> keys = _keys.AsSpan(first, Ways);
        for (int way = 0; way < keys.Length; way++)
        {
            if (keys[way] != key)
                continue;
            value = Volatile.Read(ref _values[first + way]);
            if (Volatile.Read(ref _keys[first + way]) == key)
                return first + way;
        }
        value = 0;
        return -1;
    }

    private static ulong Hash(ulong key)
    {
        key ^= key >> 29;
        key *= 0x9E37_79B9_7F4A_7C15;
        return key ^ key >> 32;
    }

    private int FirstBucket(ulong hash) => (int)(hash >> _bucketShift);

    private int SecondBucket(ulong hash) => (int)hash & _bucketMask;

    private void LearnNew(ulong key, int port, uint nowSeconds)
    {
        if (!TryBeginWriteBriefly())
            return;
        // Another worker may have learnt the address since this one looked.
        if (Find(key, out _) < 0)
        {
            if (_count >= Capacity)
                EvictFromLargestPort();
            Insert(key, Entry.Dynamic(port, nowSeconds));
        }
        EndWrite();
    }

    private void Move(int slot, ulong key, int port, uint nowSeconds)
    {
        if (!TryBeginWriteBriefly())
            return;
        if (_keys[slot] == key && !Entry.IsStatic(_values[slot]))
        {
            _portCounts[Entry.Port(_values[slot])]--;
            CountPort(port);
            _values[slot] = Entry.Dynamic(port, nowSeconds);
            Moves++;
        }
        EndWrite();
    }

    /// <summary>Puts an entry into the emptier of its two buckets. The caller has the writer's right.</summary>
    private bool Insert(ulong key, ulong value)
    {
        ulong hash = Hash(key);
        int slot = RoomFor(FirstBucket(hash), SecondBucket(hash));
        if (slot < 0)
            return false;
        if (_keys[slot] != 0)
        {
            Clear(slot);
            Evictions++;
        }
        _values[slot] = value;
        Volatile.Write(ref _keys[slot], key);
        _count++;
        CountPort(Entry.Port(value));
        return true;
    }

    /// <summary>A free slot in the emptier bucket; if both are full, the dynamic entry whose port holds most; -1 if all are static.</summary>
    private int RoomFor(int firstBucket, int secondBucket)
    {
        int free = FreeSlot(firstBucket, out int firstUsed);
        int other = FreeSlot(secondBucket, out int secondUsed);
        if (free < 0 || other >= 0 && secondUsed < firstUsed)
            free = other;
        if (free >= 0)
            return free;

        int victim = -1;
        foreach (int bucket in (ReadOnlySpan<int>)[firstBucket, secondBucket])
        {
            for (int slot = bucket * Ways; slot < (bucket + 1) * Ways; slot++)
            {
                if (Entry.IsStatic(_values[slot]))
                    continue;
                if (victim < 0 || _portCounts[Entry.Port(_values[slot])] > _portCounts[Entry.Port(_values[victim])])
                    victim = slot;
            }
        }
        return victim;
    }

    private int FreeSlot(int bucket, out int used)
    {
        int free = -1;
        used = 0;
        for (int slot = bucket * Ways; slot < (bucket + 1) * Ways; slot++)
        {
            if (_keys[slot] != 0)
                used++;
            else if (free < 0)
                free = slot;
        }
        return free;
    }

    /// <summary>Removes one dynamic entry of the port that holds most, found by a hand that goes round the table.</summary>
    private void EvictFromLargestPort()
    {
        if (Evictions % 256 == 0)
            FindLargestPort();
        int fallback = -1;
        for (int step = 0; step < EvictionScanBuckets; step++)
        {
            _evictionHand = (_evictionHand + 1) & _bucketMask;
            for (int slot = _evictionHand * Ways; slot < (_evictionHand + 1) * Ways; slot++)
            {
                if (_keys[slot] == 0 || Entry.IsStatic(_values[slot]))
                    continue;
                if (Entry.Port(_values[slot]) == _largestPort)
                {
                    Clear(slot);
                    Evictions++;
                    return;
                }
                if (fallback < 0 || _portCounts[Entry.Port(_values[slot])] > _portCounts[Entry.Port(_values[fallback])])
                    fallback = slot;
            }
        }
        if (fallback < 0)
            return;
        Clear(fallback);
        Evictions++;
    }

    private void Clear(int slot)
    {
        _portCounts[Entry.Port(_values[slot])]--;
        Volatile.Write(ref _keys[slot], 0);
        _count--;
    }

    private void CountPort(int port)
    {
        if (++_portCounts[port] > _portCounts[_largestPort])
            _largestPort = port;
    }

    private void FindLargestPort()
    {
        for (int port = 0; port < _portCounts.Length; port++)
        {
            if (_portCounts[port] > _portCounts[_largestPort])
                _largestPort = port;
        }
    }

    private int RemoveWhere(Func<ulong, ulong, bool> matches)
    {
        int removed = 0;
        for (int slot = NextUsed(0); slot >= 0; slot = NextUsed(slot + 1))
        {
            if (!IsMatch(slot))
                continue;
            BeginWriteWaiting();
            if (IsMatch(slot))
            {
                Clear(slot);
                removed++;
            }
            EndWrite();
        }
        return removed;

        bool IsMatch(int slot)
        {
            ulong key = Volatile.Read(ref _keys[slot]);
            return key != 0 && matches(key, Volatile.Read(ref _values[slot]));
        }
    }

    /// <summary>The first slot from one on that is not free, or -1. Ageing comes by every second, and most slots are free.</summary>
    private int NextUsed(int slot)
    {
        int ahead = _keys.AsSpan(slot).IndexOfAnyExcept(0UL);
        return ahead < 0 ? -1 : slot + ahead;
    }

    private bool TryBeginWrite() => Interlocked.Exchange(ref _writing, 1) == 0;

    private bool TryBeginWriteBriefly()
    {
        for (int attempt = 0; attempt < WorkerTries; attempt++)
        {
            if (TryBeginWrite())
                return true;
            Thread.SpinWait(1);
        }
        return false;
    }

    private void BeginWriteWaiting()
    {
        var wait = new SpinWait();
        while (!TryBeginWrite())
            wait.SpinOnce();
    }

    private void EndWrite() => Volatile.Write(ref _writing, 0);

    /// <summary>The value of a slot: port in bits 0-15, seconds last seen in bits 16-47, static flag in bit 63.</summary>
    private static class Entry
    {
        private const ulong StaticBit = 1UL << 63;

        public static ulong Dynamic(int port, uint seconds) => (ulong)seconds << 16 | (ushort)port;

        public static ulong Static(int port) => StaticBit | (ushort)port;

        public static int Port(ulong value) => (ushort)value;

        public static uint Seconds(ulong value) => (uint)(value >> 16);

        public static bool IsStatic(ulong value) => (value & StaticBit) != 0;
    }
}

/// <summary>One address as <c>show mac address-table</c> lists it.</summary>
/// <param name="Port">Index of the port.</param>
/// <param name="AgeSeconds">Since the address was last seen; 0 when static.</param>
public readonly record struct MacTableEntry(int Vlan, ulong Address, int Port, bool IsStatic, uint AgeSeconds);

using VSwitch.Linux;

namespace VSwitch.Ports.VhostUser;

/// <summary>
/// What a ring notes for others beside its work: dirty pages for a live migration, chains in flight for the back end after us. Most
/// rings on most days have none.
/// </summary>
internal sealed unsafe class RingTracker
{
    private readonly GuestMemory _memory;
    private readonly DirtyLog? _log;
    private readonly InflightArea? _area;
    private readonly InflightPart _inflight;
    private readonly ulong _usedLogAddress;
    private readonly bool _logsRing;
    private ulong _counter;

    private RingTracker(RingSetup setup, in DeviceState device, ushort usedIndex)
    {
        _memory = device.Memory;
        _log = device.IsLogging ? device.Log : null;
        _logsRing = _log is not null && (setup.Address.Flags & RingAddressMessage.LogFlag) != 0;
        _usedLogAddress = setup.Address.Log;
        if (device.Inflight is { } area)
        {
            _inflight = area.Part(setup.Index, setup.EntryCount);
            Resubmitted = _inflight.Recover(usedIndex, out _counter);
            _area = area;
            area.AddHolder();
        }
        _log?.AddHolder();
    }

    /// <summary>Heads of the chains that the back end before us had in flight.</summary>
    public ushort[] Resubmitted { get; } = [];

    public bool IsBroken => (_log?.IsBroken ?? false) || (_area?.IsBroken ?? false);

    /// <summary>Makes a tracker; null when there is nothing to note.</summary>
    public static RingTracker? Open(RingSetup setup, in DeviceState device, ushort usedIndex) =>
        device.IsLogging || device.Inflight is not null ? new RingTracker(setup, in device, usedIndex) : null;

    public void Close()
    {
        _log?.RemoveHolder();
        _area?.RemoveHolder();
    }

    /// <summary>A chain has been taken.</summary>
    public void Take(ushort head)
    {
        if (_area is not null)
            _inflight.Take(head, ++_counter);
    }

    /// <summary>Bytes of a buffer have been written.</summary>
    /// <returns>False when the log does not reach so far.</returns>
    public bool TryMark(byte* data, nuint bytes) =>
        _log is null || bytes == 0 || _log.TryMark(_memory.GuestAddress(data), bytes);

    /// <summary>A chain is about to be used: before the used index says so.</summary>
    public void Prepare(ushort head)
    {
        if (_area is not null)
            _inflight.Prepare(head);
    }

    /// <summary>A chain has been used: after the used index said so.</summary>
    public void Finish(ushort head)
    {
        if (_area is not null)
            _inflight.Finish(head);
    }

    /// <summary>
    /// A batch has been used. Its marks come after the writes: a page that the front end copied before them would otherwise
    /// stay as it was.
    /// </summary>
    /// <returns>False when the log does not reach so far.</returns>
    public bool TrySettle(ushort first, int count, uint mask)
    {
        if (_area is not null)
            _inflight.Settle((ushort)(first + count));
        if (!_logsRing)
            return true;

        bool isMarked = _log!.TryMark(_usedLogAddress, RingLayout.EntriesOffset);
        for (uint place = 0; place < count; place++)
        {
            ulong offset = RingLayout.EntriesOffset + (ulong)((first + place) & mask) * RingLayout.UsedEntryBytes;
            isMarked &= _log.TryMark(_usedLogAddress + offset, RingLayout.UsedEntryBytes);
        }
        return isMarked;
    }
}

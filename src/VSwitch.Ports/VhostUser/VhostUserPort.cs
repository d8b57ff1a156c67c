using System.Diagnostics;
using VSwitch.Frames;
using VSwitch.Linux;
using VSwitch.Ports.VhostUser;
using VSwitch.Wire;

namespace VSwitch.Ports;

/// <summary>
/// A virtual machine's network card over vhost-user (QEMU, docs/interop/vhost-user): the guest's memory is mapped here, its
/// transmit rings are our receive queues, and what is sent is copied straight into its receive buffers.
///
/// Theory of operation. A front end (QEMU, a DPDK virtio-user device) connects to a unix socket, or listens there and
/// is connected to, and describes the guest: memory regions, features, where the rings lie, event descriptors. One background
/// thread, <see cref="ControlThread"/>, does that for all ports: it takes part in no batch, and the port itself owns no thread.
/// <code>
///   Listening  or, as a client, trying again after a while    a front end connects: Connected
///   Connected  rings come and go as the front end says        it leaves, lies, or its guest does: Listening
///   Closed     for good
/// </code>
/// Control thread and workers share one thing, the running <see cref="GuestRing"/>s. A ring is made complete and is not
/// changed afterwards; it is handed to the queues by one reference write and taken away by another. What it points to (memory, log,
/// event descriptors) it holds by count. A worker enters a ring's <see cref="RingGate"/> for a batch: from Receive to Release on
/// the way in, for a Send on the way out. The control thread closes the gate of a ring that is to change, waits for the
/// worker to leave, which takes a batch, and only then goes on. So the front end's "stop" is true when it is
/// answered, and memory is unmapped when nobody is in it. A worker that does not come back within a second (frames can be lent
/// to a capture, or the process can be stopped) is left with the ring: it may read, it writes nothing more,
/// and the memory stays until it is done.
///
/// A guest may write anything into its rings at any time, and its front end may cut the memory off under us
/// (<see cref="BusGuard"/>). What a worker finds wrong it notes in the ring, which nobody uses from then on; the control
/// thread sees the note, ends the connection and counts it under a <see cref="VhostUserFault"/>. The port stays and
/// waits for the next front end; one that did wrong has to wait a little, and all have to wait until a <see cref="Closer"/> has
/// closed what the last one left.
/// </summary>
public sealed class VhostUserPort : IPort, IControlled
{
    /// <summary>How long a front end has to wait after one that did wrong, so that it cannot keep the control thread busy.</summary>
    private static readonly long PenaltyTicks = Stopwatch.Frequency / 10;

    private readonly Lock _lock = new();
    private readonly VhostUserOptions _options;
    private readonly ControlThread _control = ControlThread.Shared;
    private readonly VhostUserReceiveQueue[] _receiveQueues;
    private readonly List<VhostUserSendQueue> _sendQueues = [];
    private readonly GuestRing?[] _rings;
    private readonly ulong[] _faults = new ulong[(int)VhostUserFault.Count];
    private readonly Rendezvous _rendezvous;
    private readonly Closer _closer;
    private volatile FrontEnd? _frontEnd;
    private ulong _watch;
    private bool _isStarted;
    private bool _isClosed;
    private volatile bool _hasFault;
    private volatile GuestRing[] _sendRings = [];
    private volatile int _offloads;
    private volatile int _usualMtuBytes;
    private volatile int _mtuBytes;

    private VhostUserPort(VhostUserOptions options)
    {
        _options = options;
        SetMtu(options.MtuBytes ?? Mtu.BytesUsual);
        _rendezvous = new Rendezvous(options.Path, options.IsClient);
        _closer = new Closer(_control.Wake);
        _rings = new GuestRing?[2 * options.QueueCount];
        _receiveQueues = [.. Enumerable.Range(0, options.QueueCount).Select(_ => new VhostUserReceiveQueue())];
    }

    public PortKind Kind => PortKind.VhostUser;

    public string Name => _options.Path;

    public OffloadSet Offloads => (OffloadSet)_offloads;

    public int MtuBytes => _mtuBytes;

    /// <summary>Whether the guest takes frames: its front end is connected and has started a receive ring.</summary>
    public bool IsLinkUp => _sendRings.Length > 0;

    /// <summary>Whom the port waits for, and what was wrong with whom it sent away.</summary>
    public string LinkDownReason
    {
        get
        {
            if (_frontEnd is not null)
                return "the guest has not started the device";
            if (!_closer.IsIdle)
                return $"what came from {Name} is still being closed";
            if (LastFault is not (VhostUserFault.None or VhostUserFault.Disconnected))
                return $"nobody is connected to {Name}; the last was sent away, {CloseReason}";
            return _options.IsClient ? $"nobody listens at {Name}" : $"nobody is connected to {Name}";
        }
    }

    public IReadOnlyList<IReceiveQueue> ReceiveQueues => _receiveQueues;

    /// <summary>Why the last connection ended; None if none has.</summary>
    public VhostUserFault LastFault { get; private set; }

    /// <summary>The name of <see cref="LastFault"/>, and what exactly it was.</summary>
    public string CloseReason { get; private set; } = VhostUserFaults.Name(VhostUserFault.None);

    long IControlled.DueTicks => Math.Min(_closer.IsIdle ? _rendezvous.DueTicks : long.MaxValue, _frontEnd?.DueTicks ?? long.MaxValue);

    /// <summary>Listens on the socket, or starts trying to connect to it.</summary>
    /// <exception cref="PortException">The socket cannot be made: somebody else listens there, or the path is wrong.</exception>
    public static VhostUserPort Open(VhostUserOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.QueueCount, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.QueueCount, 64, nameof(options));
        var port = new VhostUserPort(options);
        try
        {
            port._rendezvous.Open();
        }
        catch (LinuxException exception)
        {
            port.Close();
            throw new PortException($"cannot open the vhost-user socket {options.Path}: {exception.Message}", exception);
        }
        port._control.Join(port);
        port._rendezvous.Await(0);
        return port;
    }

    /// <summary>How many connections ended so.</summary>
    public ulong CountFaults(VhostUserFault fault) => Volatile.Read(ref _faults[(int)fault]);

    public ISendQueue OpenSendQueue(int worker)
    {
        var queue = new VhostUserSendQueue(this, worker);
        _sendQueues.Add(queue);
        return queue;
    }

    public void Start()
    {
        lock (_lock)
        {
            if (_isStarted || _isClosed)
                return;
            _isStarted = true;
            foreach (VhostUserReceiveQueue queue in _receiveQueues)
                queue.Start();
        }
    }

    public void Stop()
    {
        lock (_lock)
        {
            _isStarted = false;
            foreach (VhostUserReceiveQueue queue in _receiveQueues)
                queue.Stop();
        }
    }

    public void Close()
    {
        Stop();
        _control.Quit(this);
        lock (_lock)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            Disconnect();
            _rendezvous.Close(_closer);
            foreach (VhostUserReceiveQueue queue in _receiveQueues)
                queue.Dispose();
            foreach (VhostUserSendQueue queue in _sendQueues)
                queue.Dispose();
        }
    }

    /// <summary>
    /// Does nothing: the device's link status belongs to the front end, which shows it as up for as long as it is connected.
    /// </summary>
    public void SetCarrier(bool up)
    {
    }

    /// <summary>Sets what may be sent to this guest and the next ones, unless their front end names another MTU.</summary>
    public void SetMtu(int bytes)
    {
        _usualMtuBytes = bytes;
        _mtuBytes = bytes;
    }

    void IControlled.LookAfter()
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            if (_hasFault)
                FindFault();
            long now = Stopwatch.GetTimestamp();
            if (_frontEnd is { } frontEnd && now >= frontEnd.DueTicks)
                Serve(frontEnd);
            if (_closer.IsIdle && now >= _rendezvous.DueTicks)
                Meet();
        }
    }

    /// <summary>The ring that a worker sends to; null while there is none.</summary>
    internal GuestRing? SendRing(int worker)
    {
        GuestRing[] rings = _sendRings;
        return rings.Length switch
        {
            0 => null,
            1 => rings[0],
            _ => rings[worker % rings.Length],
        };
    }

    /// <summary>A worker's: one of the rings must not be used any more. Allocates nothing.</summary>
    internal void ReportFault()
    {
        _hasFault = true;
        _control.Wake();
    }

    /// <summary>Hands a ring to the workers, or takes it away with null. Even rings are the guest's to receive from us.</summary>
    internal void Bind(int index, GuestRing? ring, SharedEvent? kick)
    {
        _rings[index] = ring;
        if (index % 2 != 0)
            _receiveQueues[index / 2].Bind(ring, kick);
        else
            _sendRings = [.. _rings.Where((one, place) => place % 2 == 0 && one is not null)!];
    }

    /// <summary>The front end's word on the MTU, which holds until it leaves. It cannot exceed what the port was opened with.</summary>
    internal void SetGuestMtu(int bytes) => _mtuBytes = Math.Min(bytes, _options.MtuBytes ?? bytes);

    internal void Announce(MacAddress station) => _receiveQueues[0].Announce(station);

    internal void SetOffloads(VirtioFeatures features)
    {
        OffloadSet offloads = OffloadSet.None;
        if (features.HasFlag(VirtioFeatures.GuestChecksum))
        {
            offloads = OffloadSet.Checksum;
            Add(VirtioFeatures.GuestTsoV4, OffloadSet.TsoV4);
            Add(VirtioFeatures.GuestTsoV6, OffloadSet.TsoV6);
            Add(VirtioFeatures.GuestTsoEcn, OffloadSet.TsoEcn);
            Add(VirtioFeatures.GuestUsoV4 | VirtioFeatures.GuestUsoV6, OffloadSet.Uso);
        }
        _offloads = (int)offloads;

        void Add(VirtioFeatures wanted, OffloadSet offload)
        {
            if (features.HasFlag(wanted))
                offloads |= offload;
        }
    }

    /// <summary>Ends the connection for the first fault there is. A ring that had one may have been taken away since.</summary>
    private void FindFault()
    {
        _hasFault = false;
        int index = Array.FindIndex(_rings, ring => ring is { Fault: not VhostUserFault.None });
        if (index >= 0)
            End(_rings[index]!.Fault, "ring " + index);
    }

    private void Meet()
    {
        try
        {
            if (_rendezvous.Meet(LetIn) is { } socket)
                Serve(socket);
        }
        catch (LinuxException exception)
        {
            CloseReason = exception.Message;
        }
    }

    private void LetIn()
    {
        lock (_lock)
        {
            if (!_isClosed && _frontEnd is null && _rendezvous.TryAccept() is { } socket)
                Serve(socket);
        }
    }

    private void Serve(UnixSocket socket)
    {
        var frontEnd = new FrontEnd(this, _options.QueueCount, new Connection(socket, _closer));
        _mtuBytes = _usualMtuBytes;
        _frontEnd = frontEnd;
        _watch = _control.Watch(socket.Number, () => Serve(frontEnd));
    }

    private void Serve(FrontEnd frontEnd)
    {
        lock (_lock)
        {
            if (_frontEnd != frontEnd)
                return;
            try
            {
                frontEnd.Serve();
            }
            catch (VhostUserException exception)
            {
                End(exception.Fault, exception.Message);
            }
            catch (Exception exception)
            {
                // Whatever it was, a front end brought it about, and must not stop the others.
                End(VhostUserFault.Internal, exception.Message);
            }
        }
    }

    /// <summary>Ends the connection, says why, and waits for the next.</summary>
    private void End(VhostUserFault fault, string detail)
    {
        if (fault == VhostUserFault.Disconnected && _frontEnd is { HasSpoken: true })
            _rendezvous.Relax();
        Disconnect();
        CloseReason = $"{VhostUserFaults.Name(fault)}: {detail}";
        Volatile.Write(ref _faults[(int)fault], _faults[(int)fault] + 1);
        LastFault = fault;
        _rendezvous.Await(fault == VhostUserFault.Disconnected ? 0 : PenaltyTicks);
    }

    private void Disconnect()
    {
        if (_frontEnd is not { } frontEnd)
            return;
        _control.Unwatch(frontEnd.Number, _watch);
        _frontEnd = null;
        frontEnd.Dispose();
        _offloads = (int)OffloadSet.None;
    }
}

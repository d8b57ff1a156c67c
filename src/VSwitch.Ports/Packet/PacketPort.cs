using VSwitch.Frames;
using VSwitch.Linux;
using VSwitch.Wire;

namespace VSwitch.Ports;

/// <summary>
/// A netdev that somebody else made: a TAP whose user side QEMU holds, one end of a veth pair, a physical card. The
/// switch meets it from the kernel's side, through an AF_PACKET socket, and keeps the host's stack off it.
/// <para>
/// The netdev may be set down, deleted and made again under the same name. <see cref="RefreshLink"/> notices it and
/// attaches again; until then frames to it are dropped as link-down.
/// </para>
/// </summary>
public sealed class PacketPort : IPort
{
    private readonly PacketOptions _options;
    private readonly PacketSocket _socket;
    private readonly RouteSocket _links;
    private readonly PacketReceiveQueue _receiveQueue;
    private readonly List<PacketSendQueue> _sendQueues = [];
    private HostGuard? _guard;
    private NetdevClaim? _claim;
    private int _index;
    private bool _isStarted;
    private bool _isClosed;
    private volatile bool _isLinkUp;
    private ulong _lostFrames;
    private (int Slot, ulong LostFrames) _seen;

    private PacketPort(PacketOptions options, RouteSocket links, PacketSocket socket, PacketReceiveQueue receiveQueue)
    {
        _options = options;
        _links = links;
        _socket = socket;
        _receiveQueue = receiveQueue;
        ReceiveQueues = [receiveQueue];
    }

    public PortKind Kind => PortKind.Packet;

    public string Name => _options.Name;

    /// <summary>
    /// The kernel takes every frame and does in software what the netdev's driver does not; it knows a virtio header for
    /// USO since 6.2.
    /// </summary>
    public OffloadSet Offloads { get; } =
        Environment.OSVersion.Version >= new Version(6, 2) ? OffloadSet.All : OffloadSet.All & ~OffloadSet.Uso;

    public int MtuBytes { get; private set; }

    /// <summary>The netdev's own address.</summary>
    public MacAddress Address { get; private set; }

    public bool IsLinkUp => _isLinkUp;

    public bool HasDevice { get; private set; }

    public string LinkDownReason => HasDevice ? $"the link of {Name} is down" : $"there is no netdev {Name}";

    public IReadOnlyList<IReceiveQueue> ReceiveQueues { get; }

    public IReadOnlyList<string> Warnings => _guard?.Warnings ?? [];

    /// <summary>Frames that came while the ring was full. The kernel starts its count afresh whenever it is asked.</summary>
    public ulong LostFrames => _isClosed ? _lostFrames : _lostFrames += _socket.TakeDrops();

    /// <summary>Frames are lost though the ring is empty: it is stuck (see <see cref="PacketReceiveQueue"/>).</summary>
    public bool NeedsRestart { get; private set; }

    /// <summary>Attaches to the netdev and sets it up. The host's stack gets nothing from it from now on.</summary>
    /// <exception cref="PortException">There is no such netdev or namespace, or the kernel refused.</exception>
    public static PacketPort Open(PacketOptions options)
    {
        try
        {
            return NetworkNamespace.Run(options.Namespace, () => OpenHere(options));
        }
        catch (LinuxException exception)
        {
            throw new PortException($"cannot attach to the netdev {options.Name}: {exception.Message}", exception);
        }
    }

    public ISendQueue OpenSendQueue(int worker)
    {
        var queue = new PacketSendQueue(this, _socket.Descriptor.Number);
        _sendQueues.Add(queue);
        return queue;
    }

    public void Start()
    {
        if (_isStarted || _isClosed)
            return;
        _isStarted = true;
        if (NeedsRestart)
            Attempt(Renew);
        else
            _receiveQueue.Drain();
        Attempt(Bind);
    }

    public void Stop()
    {
        if (!_isStarted)
            return;
        _isStarted = false;
        Attempt(Bind);
    }

    public void Close()
    {
        if (_isClosed)
            return;
        Stop();
        _lostFrames = LostFrames;
        _isClosed = true;
        _isLinkUp = false;
        Attempt(() => NetworkNamespace.Run(_options.Namespace, Detach));
        foreach (PacketSendQueue queue in _sendQueues)
            queue.Dispose();
        _receiveQueue.Dispose();
        _links.Dispose();
        _claim?.Dispose();
    }

    /// <summary>Does nothing: the carrier of this netdev is its driver's.</summary>
    public void SetCarrier(bool up)
    {
    }

    public void SetMtu(int bytes)
    {
        Attempt(() => _links.SetMtu(_index, bytes));
        RefreshLink();
    }

    /// <summary>
    /// Asks the kernel for the netdev's state. The control loop calls it when a <see cref="LinkMonitor"/> says that
    /// something changed.
    /// </summary>
    public void RefreshLink()
    {
        if (_isClosed)
            return;
        try
        {
            LinkInfo? link = _links.Find(Name);
            if (link is not null && link.Index != _socket.BoundIndex)
                link = NetworkNamespace.Run(_options.Namespace, () => Attach(link));
            MtuBytes = link?.MtuBytes ?? MtuBytes;
            Address = link is null ? Address : new MacAddress(link.Address);
            HasDevice = link is not null;
            _isLinkUp = link is { IsUp: true, HasCarrier: true };
            NeedsRestart |= IsStuck();
        }
        catch (LinuxException exception)
        {
            // Deleted while we looked, or not looked at for want of something: a change of the netdev, or the next look, tells.
            HasDevice = HasDevice && exception.IsShortage;
            _isLinkUp = _isLinkUp && exception.IsShortage;
        }
    }

    private static PacketPort OpenHere(PacketOptions options)
    {
        var links = new RouteSocket();
        PacketPort? port = null;
        NetdevClaim? claim = null;
        try
        {
            LinkInfo link = links.Find(options.Name)
                ?? throw new PortException($"there is no netdev {options.Name} in this network namespace; ip link lists those that are there");
            if (link.IsLoopback)
                throw new PortException($"{options.Name} is the loopback of this network namespace; everything on this host that talks to itself needs it");
            if (!link.IsEthernet)
                throw new PortException($"{options.Name} has no Ethernet frames (a TUN, a tunnel, a modem), and a switch has nothing else");
            if (link.MasterIndex != 0)
            {
                string master = NameOf(links, link.MasterIndex);
                throw new PortException($"{options.Name} belongs to {master}, which would get nothing more; take it out with: ip link set {options.Name} nomaster");
            }
            claim = NetdevClaim.Take(PortKind.Packet, options.Name);
            var socket = new PacketSocket();
            port = new PacketPort(options, links, socket, new PacketReceiveQueue(socket)) { _claim = claim };
            port.Attach(link);
            port.RefreshLink();
            return port;
        }
        catch
        {
            port?.Close();
            links.Dispose();
            claim?.Dispose();
            throw;
        }
    }

    private static string NameOf(RouteSocket links, int index) => links.Links().Find(link => link.Index == index)?.Name ?? $"the netdev of index {index}";

    /// <summary>Whether frames were lost since this was last asked, although the ring has not moved and is empty.</summary>
    private bool IsStuck()
    {
        (int slot, bool isEmpty) = _receiveQueue.Position;
        (int Slot, ulong LostFrames) now = (slot, LostFrames);
        bool isStuck = isEmpty && now.Slot == _seen.Slot && now.LostFrames > _seen.LostFrames;
        _seen = now;
        return isStuck;
    }

    private void Renew()
    {
        _receiveQueue.Renew();
        NeedsRestart = false;
    }

    /// <summary>Makes the netdev ours. Runs in its namespace.</summary>
    /// <returns>The netdev as it is then.</returns>
    private LinkInfo Attach(LinkInfo link)
    {
        Detach();
        _guard = HostGuard.Place(_links, link);
        _links.SetUp(link.Index, up: true);
        _index = link.Index;
        _socket.SetPromiscuous(link.Index);
        Bind();
        return _links.Find(Name) ?? link;
    }

    private bool Detach()
    {
        _guard?.Dispose();
        _guard = null;
        return true;
    }

    /// <summary>A socket bound to no protocol still sends; while it receives nothing there is nothing to poll for.</summary>
    private void Bind() => _socket.Bind(_index, receives: _isStarted);

    /// <summary>Does what fails only when the netdev or its namespace is gone, and then there is nothing left to do.</summary>
    private static void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (LinuxException)
        {
        }
    }
}

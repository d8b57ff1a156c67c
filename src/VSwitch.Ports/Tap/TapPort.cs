using VSwitch.Frames;
using VSwitch.Linux;
using VSwitch.Wire;

namespace VSwitch.Ports;

/// <summary>
/// A TAP netdev of which this port holds the user side: what the netdev's owner (a namespace, a container, the host)
/// sends is received here, and what is sent here arrives there.
/// <para>
/// The netdev belongs to its owner, who may set it down, rename it, move it to another namespace or delete it at any
/// time; none of that fails here. <see cref="RefreshLink"/> notices it; a deleted netdev leaves a port whose link stays
/// down. The carrier, which the owner sees as the cable, is ours: it is on between Start and Stop.
/// </para>
/// </summary>
public sealed class TapPort : IPort
{
    private readonly TapReceiveQueue[] _receiveQueues;
    private readonly List<TapSendQueue> _sendQueues = [];
    private readonly TapQueueLength? _queueLength;
    private RouteSocket _links;
    private bool _isStarted;
    private bool _isClosed;
    private bool _carrier = true;
    private ulong _dropsAtOpen;
    private ulong _drops;
    private volatile bool _isLinkUp;
    private volatile bool _isNamespaceGone;
    private NetdevClaim? _claim;
    private string? _givenNamespace;
    private string? _givenIdentity;

    private TapPort(TapReceiveQueue[] receiveQueues, RouteSocket links, OffloadSet offloads, TapQueueLength? queueLength)
    {
        _queueLength = queueLength;
        _receiveQueues = receiveQueues;
        _links = links;
        Offloads = offloads;
        Name = First.Name;
        Address = new MacAddress(First.Address);
    }

    public PortKind Kind => PortKind.Tap;

    public string Name { get; private set; }

    /// <summary>The netdev's own address: that of whoever sends through it.</summary>
    public MacAddress Address { get; private set; }

    /// <summary>The kernel takes everything that it knows a virtio header for.</summary>
    public OffloadSet Offloads { get; }

    public int MtuBytes { get; private set; }

    public bool IsLinkUp => _isLinkUp && !_receiveQueues[0].IsNetdevGone;

    /// <summary>
    /// The netdev was deleted, or its namespace was: the descriptors of this port keep a namespace alive that nobody can
    /// reach any more, so they must go for it to end.
    /// </summary>
    public bool IsGone => _receiveQueues[0].IsNetdevGone || _isNamespaceGone;

    /// <summary>Whether opening the port made the netdev; else it was there before.</summary>
    public bool IsNew { get; private init; }

    /// <summary>Frames that the netdev's owner sent while the kernel's queue for us was full; as it was when the link was last looked at.</summary>
    public ulong LostFrames => _drops - _dropsAtOpen;

    public IReadOnlyList<IReceiveQueue> ReceiveQueues => _receiveQueues;

    private Tun First => _receiveQueues[0].Tun;

    /// <summary>Whether we have put the cable in; if there is none then, the owner has pulled it out.</summary>
    private bool IsCarrierOurs => _carrier && _isStarted;

    /// <summary>Finds or makes the netdev, sets it up, and leaves its carrier off.</summary>
    /// <exception cref="PortException">The kernel refused: no such namespace, no right, a name that is taken.</exception>
    public static TapPort Open(TapOptions options)
    {
        try
        {
            return NetworkNamespace.Run(options.Namespace, () => OpenHere(options));
        }
        catch (LinuxException exception) when (options.Namespace is { } where && NetworkNamespace.Identity(where) is null)
        {
            string help = where.Contains('/') ? "" : $"; make it with: ip netns add {where}";
            throw new PortException($"there is no network namespace '{where}'{help}", exception);
        }
        catch (LinuxException exception)
        {
            string where = options.Namespace is null ? "" : $" in the network namespace {options.Namespace}";
            throw new PortException($"cannot open the TAP netdev {options.Name}{where}: {exception.Message}", exception);
        }
    }

    public string? Namespace { get; private set; }

    public LinkMonitor OpenLinkMonitor() => RunInside(() => new LinkMonitor());

    public ISendQueue OpenSendQueue(int worker)
    {
        var queue = new TapSendQueue(this, _receiveQueues[worker % _receiveQueues.Length]);
        _sendQueues.Add(queue);
        return queue;
    }

    public void Start()
    {
        if (_isStarted || _isClosed)
            return;
        _isStarted = true;
        foreach (TapReceiveQueue queue in _receiveQueues)
            queue.Drain();
        ApplyCarrier();
    }

    public void Stop()
    {
        if (!_isStarted)
            return;
        _isStarted = false;
        ApplyCarrier();
    }

    public void Close()
    {
        if (_isClosed)
            return;
        Stop();
        _isClosed = true;
        _isLinkUp = false;
        foreach (TapSendQueue queue in _sendQueues)
            queue.Dispose();
        foreach (TapReceiveQueue queue in _receiveQueues)
            queue.Dispose();
        _links.Dispose();
        _claim?.Dispose();
    }

    public void SetCarrier(bool up)
    {
        if (up == _carrier)
            return;
        _carrier = up;
        ApplyCarrier();
    }

    /// <summary>Lets the netdev go when the port is closed, persistent or not.</summary>
    public void DeleteOnClose()
    {
        if (!_isClosed)
            Attempt(() => First.SetPersistent(false));
    }

    /// <summary>Closes the port and deletes the netdev, persistent or not.</summary>
    public void Remove()
    {
        DeleteOnClose();
        Close();
    }

    public void SetMtu(int bytes)
    {
        Attempt(() =>
        {
            if (FindLink() is { } link)
                _links.SetMtu(link.Index, bytes);
        });
        RefreshLink();
    }

    /// <summary>Asks the kernel for the netdev's name, address, MTU and state. The control loop calls it now and then.</summary>
    public void RefreshLink()
    {
        if (_isClosed)
            return;
        try
        {
            _isNamespaceGone = _givenNamespace is not null && NetworkNamespace.Identity(_givenNamespace) != _givenIdentity;
            Name = First.Name;
            Address = new MacAddress(First.Address);
            LinkInfo? link = FindLink();
            MtuBytes = link?.MtuBytes ?? MtuBytes;
            _isLinkUp = link is { IsUp: true } && (link.HasCarrier || !IsCarrierOurs);
            _drops = link?.SendDrops ?? _drops;
        }
        catch (LinuxException exception)
        {
            // What could not be looked at for want of something is as it was; the next look may tell.
            _isLinkUp = _isLinkUp && exception.IsShortage;
        }
    }

    /// <summary>Gives a netdev of ours a short queue while more comes than the worker can take, and the long one again afterwards.</summary>
    public void AdjustToLoad(double load)
    {
        if (!_isClosed && _queueLength is not null && _queueLength.Note(load))
            Attempt(() => ChooseQueueLength(_queueLength));
    }

    private void ChooseQueueLength(TapQueueLength length)
    {
        if (FindLink() is not { } link)
            return;
        bool hasLost = link.SendDrops > _drops;
        _drops = link.SendDrops;
        if (length.Choose(link, hasLost) is { } frames)
            _links.SetQueueLength(link.Index, frames);
    }

    private static TapPort OpenHere(TapOptions options)
    {
        var queues = new List<TapReceiveQueue>();
        RouteSocket? links = null;
        NetdevClaim? claim = null;
        try
        {
            claim = NetdevClaim.Take(PortKind.Tap, options.Name);
            links = new RouteSocket();
            string name = options.Name;
            bool isNew = links.Find(name) is null;
            Tun first = OpenFirst(name, isMultiQueue: options.QueueCount > 1, out bool isMultiQueue);
            queues.Add(new TapReceiveQueue(first));
            name = first.Name;
            while (isMultiQueue && queues.Count < options.QueueCount)
                queues.Add(new TapReceiveQueue(Tun.Open(name, isMultiQueue)));

            first.SetCarrier(false);
            OffloadSet offloads = AcceptOffloads(first);
            if ((options.Address ?? (isNew ? options.AddressWhenMade : null)) is { } address)
                first.Address = address.Value;
            // For several queues the kernel makes room for 256, with a queueing discipline of three bands before each: 10,000 frames would be 61 MB.
            TapQueueLength? queueLength = isMultiQueue ? null : SetQueueLength(links, name, isNew, options.IsOurs);
            SetUp(links, name, options.MtuBytes);

            var port = new TapPort([.. queues], links, offloads, queueLength)
            {
                IsNew = isNew,
                _claim = claim,
                _givenNamespace = options.Namespace,
                _givenIdentity = options.Namespace is null ? null : NetworkNamespace.Identity(options.Namespace),
            };
            Attempt(port.FindNamespace);
            port.RefreshLink();
            port._dropsAtOpen = port._drops;

            // Last, so that a netdev that could not be set up does not stay.
            if (options.IsPersistent)
                first.SetPersistent(true);
            return port;
        }
        catch
        {
            foreach (TapReceiveQueue queue in queues)
                queue.Dispose();
            links?.Dispose();
            claim?.Dispose();
            throw;
        }
    }

    /// <summary>A netdev is made for one queue or for many, and stays so: one that is there may be of the other sort than what is asked for.</summary>
    private static Tun OpenFirst(string name, bool isMultiQueue, out bool isReallyMultiQueue)
    {
        isReallyMultiQueue = isMultiQueue;
        if (TryOpen(name, isMultiQueue) is { } tun)
            return tun;
        isReallyMultiQueue = !isMultiQueue;
        return TryOpen(name, !isMultiQueue)
            ?? throw new PortException($"there is a netdev {name} already, and it is no TAP (TUNSETIFF on {name}); attach it as a packet port");
    }

    private static Tun? TryOpen(string name, bool isMultiQueue)
    {
        try
        {
            return Tun.Open(name, isMultiQueue);
        }
        catch (LinuxException exception) when (exception.Errno == Errno.EINVAL)
        {
            return null;
        }
        catch (LinuxException exception) when (exception.Errno == Errno.EBUSY)
        {
            throw new PortException($"another program has the TAP netdev {name} open; to reach what that program sends, attach it as a packet port", exception);
        }
    }

    /// <summary>Says that we take every frame as it is. USO came with Linux 6.2, in both directions at once.</summary>
    private static OffloadSet AcceptOffloads(Tun tun)
    {
        const TunOffloads tcp = TunOffloads.Checksum | TunOffloads.TsoV4 | TunOffloads.TsoV6 | TunOffloads.TsoEcn;
        try
        {
            tun.SetOffloads(tcp | TunOffloads.Uso);
            return OffloadSet.All;
        }
        catch (LinuxException exception) when (exception.Errno == Errno.EINVAL)
        {
            tun.SetOffloads(tcp);
            return OffloadSet.All & ~OffloadSet.Uso;
        }
    }

    /// <summary>A length that somebody else has set stays.</summary>
    /// <returns>Null when the length is not ours to change.</returns>
    private static TapQueueLength? SetQueueLength(RouteSocket links, string name, bool isNew, bool isOurs)
    {
        LinkInfo link = Find(links, name);
        if (!isNew && !(isOurs && link.QueueFrames is (TapQueueLength.Long or TapQueueLength.Short)))
            return null;
        links.SetQueueLength(link.Index, TapQueueLength.Long);
        return new TapQueueLength();
    }

    private static void SetUp(RouteSocket links, string name, int? mtuBytes)
    {
        LinkInfo link = Find(links, name);
        if (mtuBytes is { } bytes)
            links.SetMtu(link.Index, bytes);
        links.SetUp(link.Index, up: true);
    }

    private static LinkInfo Find(RouteSocket links, string name) =>
        links.Find(name) ?? throw new LinuxException("find netdev " + name, Errno.ENODEV);

    /// <summary>Looks where the netdev was last, then where the kernel says that its owner moved it.</summary>
    private LinkInfo? FindLink()
    {
        LinkInfo? link = _links.Find(Name);
        if (link?.Address == Address.Value)
            return link;
        RouteSocket moved = RunInside(() => new RouteSocket());
        _links.Dispose();
        _links = moved;
        FindNamespace();
        return _links.Find(Name);
    }

    private void FindNamespace()
    {
        using Descriptor inside = First.OpenNamespace();
        Namespace = NetworkNamespace.Identity(inside);
    }

    private T RunInside<T>(Func<T> work)
    {
        using Descriptor inside = First.OpenNamespace();
        return NetworkNamespace.Run(inside, "of " + Name, work);
    }

    private void ApplyCarrier()
    {
        if (!_isClosed)
            Attempt(() => First.SetCarrier(IsCarrierOurs));
    }

    /// <summary>Does what fails only when the netdev is gone, and then there is nothing left to do.</summary>
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

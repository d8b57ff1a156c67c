using Microsoft.Extensions.Logging;
using VSwitch.Commands;
using VSwitch.Forwarding;
using VSwitch.Linux;
using VSwitch.Policy;
using VSwitch.Ports;
using VSwitch.Protocol;
using VSwitch.Wire;

namespace VSwitch.Vem;

/// <summary>
/// The VEM's state and what may happen to it: attachments come and go, the VSM says what they are to enforce, netdevs
/// appear and vanish. All of it runs on the <see cref="ControlLoop"/>; the workers see only what <see cref="Publish"/>
/// gives them.
///
/// A port is, in this order: attached (a VM manager asked), open (its netdev is there), numbered (the VSM made a vEth of
/// it) and forwarding (its policy lets it). Losing the VSM changes nothing; losing the netdev leaves the attachment,
/// which opens again when the netdev is back.
/// </summary>
internal sealed partial class VemControl
{
    /// <summary>What the ports that are there may still want: to look after netdevs, to let a guest in, to answer its users.</summary>
    private const int SpareDescriptorCount = 64;

    private readonly Switch _switch;
    private readonly VemStateStore _store;
    private readonly ILogger _log;
    private readonly List<VemPort> _ports = [];
    private readonly PolicyTable _policies = new();
    private VlanSet _doubledVlans = VlanSet.Empty;

    public VemControl(Switch owner, VemStateStore store, VemOptions options, CardInfo card, ILogger<VemControl> log)
    {
        Card = card;
        _switch = owner;
        _store = store;
        _log = log;
        WorkerCount = options.Cpus.Count;
    }

    /// <summary>The configuration in force; empty while no VSM has ever sent one.</summary>
    public VemState Configuration { get; private set; } = new();

    /// <summary>The module number that the VSM gave; 0 while it has not.</summary>
    public uint Module { get; private set; }

    public int WorkerCount { get; }

    public CardInfo Card { get; }

    public IReadOnlyList<VemPort> Ports => _ports;

    /// <summary>What the attachments have open.</summary>
    public IEnumerable<IPort> OpenPorts => _ports.Select(port => port.SwitchPort?.Port).OfType<IPort>();

    /// <summary>Tells the VSM what it should hear of, if it can be reached; it hears of everything when it is there again.</summary>
    public Action<VemMessage> Tell { get; set; } = _ => { };

    /// <summary>Why the state is not on the disk; empty when it is.</summary>
    public string SaveProblem => _store.Problem;

    public Switch Switch => _switch;

    /// <summary>Comes up from the disk: the last acknowledged configuration and everything that was attached.</summary>
    public void Restore(IEnumerable<UplinkOption> uplinks)
    {
        Configuration = _store.LoadConfiguration(Warn) ?? new VemState();
        VemAttachments attachments = _store.LoadAttachments(Warn);
        Module = attachments.Module;
        UplinkOption[] wanted = [.. uplinks];
        foreach (Attachment attachment in attachments.Attachments)
        {
            // An uplink is attached by the command line alone: one that is no longer on it is gone.
            UplinkOption? uplink = Array.Find(wanted, uplink => uplink.Device == attachment.Device);
            if (attachment.Uplink && uplink is null)
                continue;
            if (attachment.Uplink)
            {
                attachment.Anew |= attachment.Profile != uplink!.Profile;
                attachment.Profile = uplink.Profile;
            }
            _ports.Add(new VemPort(attachment));
        }
        bool IsAttached(UplinkOption uplink) => _ports.Exists(port => port.Attachment.Uplink && port.Attachment.Device == uplink.Device);
        foreach (UplinkOption uplink in wanted.Where(uplink => !IsAttached(uplink)))
            _ports.Add(new VemPort(NewUplink(uplink, FreeUplinkNumber())));
        SaveAttachments();
        foreach (VemPort port in _ports)
            TryOpen(port);
        try
        {
            Publish();
        }
        catch (InvalidDataException exception)
        {
            Warn($"The saved configuration is another version's ({exception.Message}) Nothing passes before the VSM has sent this one's.");
            Configuration = new VemState();
            Publish();
        }
    }

    /// <summary>Attaches a network card: opens its port, which forwards nothing until the VSM has numbered it.</summary>
    /// <exception cref="PortException">It is attached already, or cannot be opened.</exception>
    public VemPort Attach(Attachment attachment)
    {
        VemPort? taken = _ports.Find(port => port.Attachment.Device == attachment.Device && port.Attachment.Netns == attachment.Netns);
        taken?.SwitchPort?.Port.RefreshLink();
        CloseLostPorts();
        if (taken?.SwitchPort is not null)
        {
            string whose = taken.Attachment.Uplink ? "." : $" of VM '{taken.Attachment.Vm}'. Detach it first.";
            throw new PortException($"{taken.Device} is attached already, as {taken.Title}{whose}");
        }
        VemPort? owner = _ports.Find(port => !port.Attachment.Uplink && port.Attachment.Vm == attachment.Vm && port.Attachment.Adapter == attachment.Adapter);
        owner?.SwitchPort?.Port.RefreshLink();
        if (owner?.SwitchPort is { Port.HasDevice: true })
        {
            throw new PortException(
                $"VM '{attachment.Vm}' adapter {attachment.Adapter} is attached already, by {owner.Device}. Detach it first, or name another --adapter.");
        }

        if (DescriptorLimit.Free < SpareDescriptorCount)
        {
            throw new PortException(
                $"Of the {DescriptorLimit.Max} descriptors that the VEM may have open (ulimit -n), fewer than {SpareDescriptorCount} are left. Start it with a higher limit.");
        }
        var port = new VemPort(attachment);
        Open(port);
        foreach (VemPort replaced in _ports.Where(known => known == taken || known == owner).ToList())
            Forget(replaced);
        _ports.Add(port);
        AdoptKnownInterface(port);
        SaveAttachments();
        Publish();
        return port;
    }

    /// <summary>Detaches a network card and closes its port.</summary>
    public void Detach(VemPort port)
    {
        if (port is { Attachment.OwnsDevice: true, SwitchPort: { } open })
            PortOpener.DeleteOnClose(open.Port);
        Forget(port);
        SaveAttachments();
    }

    /// <summary>The port that a user names: <c>Vethernet5</c>, <c>veth5</c>, <c>Eth3/1</c>, or the device, with or without its namespace.</summary>
    /// <exception cref="PortException">No port is called so, or more than one is.</exception>
    public VemPort Find(string name)
    {
        string wanted = InterfaceName.TryParse(name, out InterfaceName known) ? known.ToString() : name;
        if (_ports.Find(port => string.Equals(port.Interface, wanted, StringComparison.OrdinalIgnoreCase) || port.Device == name) is { } named)
            return named;
        VemPort[] found = [.. _ports.Where(port => port.Attachment.Device == name)];
        string several = string.Join(", ", found.Select(port => port.Interface is { } veth ? $"{veth} ({port.Device})" : port.Device));
        string[] attached = [.. _ports.Where(port => !port.Attachment.Uplink).Select(port => port.Title)];
        return found.Length switch
        {
            1 => found[0],
            0 => throw new PortException($"Nothing is attached as '{name}'. Attached are: {(attached.Length > 0 ? string.Join(", ", attached) : "no ports")}."),
            _ => throw new PortException($"More than one port is called '{name}': {several}. Name the vEth."),
        };
    }

    /// <summary>Notes the number of this module.</summary>
    public void SetModule(uint module)
    {
        if (Module == module)
            return;
        Module = module;
        SaveAttachments();
    }

    /// <summary>Puts a configuration into force and on the disk.</summary>
    /// <exception cref="InvalidDataException">The configuration cannot be compiled; the old one stays.</exception>
    public void Apply(VemState configuration)
    {
        VemState before = Configuration;
        Configuration = configuration;
        try
        {
            Publish();
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException or FormatException or ArgumentException)
        {
            Configuration = before;
            Publish();
            throw new InvalidDataException(exception.Message, exception);
        }
        _store.SaveConfiguration(configuration);
        SaveAttachments();
    }

    /// <summary>
    /// Looks after netdevs. A port whose netdev was deleted is closed and its attachment kept; one whose netdev has not been
    /// there is opened when it is.
    /// </summary>
    /// <param name="device">The netdev of which something was heard; null looks at all of them.</param>
    public void RefreshLinks(string? device = null)
    {
        TellChanged(_ports.Where(port => device is null || port.Attachment.Device == device), Refresh);

        void Refresh(VemPort port)
        {
            if (port.SwitchPort is { } open)
            {
                open.Port.RefreshLink();
                if (open.Port.NeedsRestart)
                    Restart(port, open);
                NoteLink(port);
            }
            else if (!port.IsLost)
                TryOpen(port);
        }
    }

    /// <summary>Notes what ports know of their links by themselves, such as a VM that came or went. The kernel is not asked.</summary>
    public void NoteLinks() => TellChanged(_ports.Where(port => port.SwitchPort is not null), NoteLink);

    /// <summary>Lets every port adapt to how busy the workers are; it expects that every second.</summary>
    public void AdjustToLoad() => _switch.AdjustToLoad();

    /// <summary>Closes the ports whose netdev has been deleted since.</summary>
    public void CloseLostPorts()
    {
        VemPort[] lost = [.. _ports.Where(port => port.SwitchPort is { Port.IsGone: true })];
        foreach (VemPort port in lost)
        {
            SwitchPort gone = port.SwitchPort!;
            port.SwitchPort = null;
            port.IsUp = false;
            port.StaticVlan = 0;
            port.IsLost = true;
            port.Attachment.LinkUp = false;
            port.Attachment.LinkReason = $"the netdev {port.Attachment.Device} was deleted";
            Publish();
            _switch.Remove(gone);
            Log.Lost(_log, port.Device, port.Title);
            TellLink(port);
        }
    }

    /// <summary>Tries again to save what could not be saved.</summary>
    public void SaveAgain() => _store.SaveWaiting();

    /// <summary>Lets the counters of one interface, or of all and the workers' times, start from zero.</summary>
    public void ClearCounters(string? name)
    {
        if (name is null)
            _switch.ClearStepTimes();
        foreach (VemPort port in _ports.Where(port => name is null || port.Interface == name))
            port.SwitchPort?.ClearCounters();
    }

    /// <summary>Forgets addresses that have not been seen for the ageing time.</summary>
    public void Age()
    {
        if (Configuration.Settings is { MacAgeingSeconds: > 0 } settings)
            _switch.MacTable.Age(Switch.NowSeconds, settings.MacAgeingSeconds);
    }

    /// <summary>An uplink keeps its n of Ethernet&lt;module&gt;/&lt;n&gt; for as long as it is on the command line.</summary>
    private uint FreeUplinkNumber()
    {
        uint number = 1;
        while (_ports.Exists(port => port.Attachment.UplinkNumber == number))
            number++;
        return number;
    }

    private static Attachment NewUplink(UplinkOption uplink, uint number) => new()
    {
        UplinkNumber = number,
        Id = Guid.NewGuid().ToString(),
        Kind = PortOpener.Packet,
        Device = uplink.Device,
        Profile = uplink.Profile,
        Uplink = true,
        Anew = true,
    };

    /// <summary>
    /// A network card that comes back while no VSM is there is recognised by its VM and adapter, and gets the policy
    /// that it had.
    /// </summary>
    private void AdoptKnownInterface(VemPort port)
    {
        PortState? known = Configuration.Ports.FirstOrDefault(state =>
            state.Vm == port.Attachment.Vm && state.Adapter == port.Attachment.Adapter && state.Profile == port.Attachment.Profile
            && !_ports.Exists(other => other != port && other.Attachment.Id == state.Attachment));
        if (known is null || port.Attachment.Uplink)
            return;
        port.Attachment.Interface = known.Interface;
        known.Attachment = port.Attachment.Id;
    }

    private void TryOpen(VemPort port)
    {
        try
        {
            Open(port);
            Log.Opened(_log, port.Device, port.Attachment.Kind);
        }
        catch (PortException exception)
        {
            if (port.Attachment.LinkReason != exception.Message)
                Log.NotOpened(_log, port.Device, exception.Message);
            port.Attachment.LinkUp = false;
            port.Attachment.LinkReason = exception.Message;
        }
    }

    private void Open(VemPort port)
    {
        IPort opened = PortOpener.Open(port.Attachment, WorkerCount, Card.HostId);
        try
        {
            port.SwitchPort = _switch.Add(opened, port.Attachment.Uplink);
        }
        catch (InvalidOperationException exception)
        {
            opened.Close();
            throw new PortException(exception.Message, exception);
        }
        foreach (string warning in opened.Warnings)
            Warn($"{warning}.");
        port.Attachment.OwnsDevice |= PortOpener.MadeDevice(opened);
        if (PortOpener.AddressOf(opened, port.Attachment.Uplink) is { } address)
            port.Attachment.Mac = address.ToColon();
        NoteLink(port);
    }

    private void TellChanged(IEnumerable<VemPort> ports, Action<VemPort> look)
    {
        bool isChanged = false;
        foreach (VemPort port in ports)
        {
            (bool, string) before = (port.Attachment.LinkUp, port.Attachment.LinkReason);
            look(port);
            if (before == (port.Attachment.LinkUp, port.Attachment.LinkReason))
                continue;
            isChanged = true;
            Log.Link(_log, port.Title, port.Device, port.Attachment.LinkUp ? "up" : $"down: {port.Attachment.LinkReason}");
            TellLink(port);
        }
        if (isChanged)
            Publish();
    }

    private void Restart(VemPort port, SwitchPort open)
    {
        Log.Stuck(_log, port.Device, port.Title);
        _switch.Restart(open);
    }

    private void TellLink(VemPort port) =>
        Tell(new VemMessage { Link = new LinkReport { Id = port.Attachment.Id, Up = port.Attachment.LinkUp, Reason = port.Attachment.LinkReason } });

    private static void NoteLink(VemPort port)
    {
        port.Attachment.LinkUp = port.SwitchPort!.Port.IsLinkUp;
        port.Attachment.LinkReason = port.LinkReason;
    }

    private void Forget(VemPort port)
    {
        _ports.Remove(port);
        SwitchPort? open = port.SwitchPort;
        port.SwitchPort = null;
        Publish();
        if (open is not null)
            _switch.Remove(open);
        Tell(new VemMessage { Detach = new DetachReport { Id = port.Attachment.Id } });
    }

    /// <summary>Compiles the configuration for the ports that are open and hands it to the workers.</summary>
    private void Publish()
    {
        var byAttachment = new Dictionary<string, PortState>(Configuration.Ports.Count, StringComparer.Ordinal);
        foreach (PortState state in Configuration.Ports)
            byAttachment[state.Attachment] = state;

        _policies.Replace(Configuration.Policies);
        var policies = new List<(SwitchPort, PortPolicy)>(_ports.Count);
        foreach (VemPort port in _ports)
        {
            if (byAttachment.TryGetValue(port.Attachment.Id, out PortState? state))
                port.SetState(state, _policies.Of(state));
            else
                port.ForgetState();
            if (port.SwitchPort is { } open)
                policies.Add((open, port.Policy));
        }
        VlanSet active = Configuration.Settings?.ActiveVlanSet() ?? VlanSet.All;
        _switch.Publish(policies, [.. Configuration.AccessLists.Select(list => list.ToConfig())], active);

        foreach (VemPort port in _ports.Where(port => port.SwitchPort is not null))
        {
            PolicySnapshot policy = InForce(port.SwitchPort!);
            port.SwitchPort!.Port.SetCarrier(policy.IsForwarding);
            if (policy.Evaluated.MtuBytes is { } bytes && bytes != port.SwitchPort.Port.MtuBytes)
                port.SwitchPort.Port.SetMtu(bytes);
            PlaceAddresses(port, policy);
        }
        WarnOfDoubledVlans();
    }

    private PolicySnapshot InForce(SwitchPort port) => _switch.Snapshot.Port(port.Index)!.Value.Policy;

    /// <summary>Two uplinks into one network bring every broadcast twice; only the operator knows where they lead.</summary>
    private void WarnOfDoubledVlans()
    {
        VlanSet carried = VlanSet.Empty, doubled = VlanSet.Empty;
        foreach (VemPort port in _ports.Where(port => port is { Attachment.Uplink: true, SwitchPort: not null }))
        {
            PolicySnapshot policy = InForce(port.SwitchPort!);
            VlanSet vlans = policy.IsForwarding ? policy.Vlans : VlanSet.Empty;
            doubled = doubled.Add(carried.Intersect(vlans));
            carried = carried.Add(vlans);
        }
        if (!doubled.IsEmpty && !doubled.Equals(_doubledVlans))
            Log.VlansDoubled(_log, doubled.ToString());
        _doubledVlans = doubled;
    }

    /// <summary>
    /// A vEth's own address is known from the attachment and never learnt, aged or moved while the port is up. A port that is not up
    /// has no addresses: whoever had them may be at another port by now.
    /// </summary>
    private void PlaceAddresses(VemPort port, PolicySnapshot policy)
    {
        int index = port.SwitchPort!.Index;
        bool wasUp = port.IsUp;
        port.IsUp = policy.IsForwarding && port.Attachment.LinkUp;
        if (wasUp && !port.IsUp)
            _switch.MacTable.FlushDynamic(port: index);

        if (port.Attachment.Uplink || port.Mac is not { } mac)
            return;
        int vlan = port.IsUp ? policy.UntaggedVlan : 0;
        if (vlan == port.StaticVlan)
            return;
        if (port.StaticVlan != 0)
            _switch.MacTable.RemoveStatic(port.StaticVlan, mac.Value, index);
        if (vlan != 0 && !_switch.MacTable.AddStatic(vlan, mac.Value, index))
            Log.AddressTaken(_log, mac.ToColon(), vlan, port.Title);
        port.StaticVlan = vlan;
    }

    private void SaveAttachments()
    {
        var kept = new VemAttachments { Module = Module };
        kept.Attachments.AddRange(_ports.Select(port => port.Attachment));
        _store.SaveAttachments(kept);
    }

    private void Warn(string message) => Log.Warned(_log, message);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Device} is open as a {Kind} port")]
        public static partial void Opened(ILogger log, string device, string kind);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Device} is not open: {Reason}")]
        public static partial void NotOpened(ILogger log, string device, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Device} was deleted; {Port} is down until it is attached again")]
        public static partial void Lost(ILogger log, string device, string port);

        [LoggerMessage(Level = LogLevel.Information, Message = "{Port} ({Device}) is {State}")]
        public static partial void Link(ILogger log, string port, string device, string state);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The kernel had a frame for {Device} that it cannot hand over, and hands over none since; {Port} starts again")]
        public static partial void Stuck(ILogger log, string device, string port);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Address} in VLAN {Vlan} belongs to another vEth already; {Port} learns it as any other")]
        public static partial void AddressTaken(ILogger log, string address, int vlan, string port);

        [LoggerMessage(Level = LogLevel.Warning, Message = "More than one uplink carries VLAN {Vlans}: in one network every broadcast comes twice. Give each VLAN one uplink")]
        public static partial void VlansDoubled(ILogger log, string vlans);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Message}")]
        public static partial void Warned(ILogger log, string message);
    }
}

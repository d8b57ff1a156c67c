using VSwitch.Commands;
using VSwitch.Forwarding;
using VSwitch.Policy;
using VSwitch.Protocol;
using VSwitch.Wire;

namespace VSwitch.Vem;

/// <summary>
/// One attachment and what has become of it. The attachment lasts until it is detached; the port under it comes and
/// goes with its netdev.
/// </summary>
internal sealed class VemPort(Attachment attachment)
{
    private const int UplinkLtl = 16;
    private const int FirstVethLtl = 49;

    private EnforcedPolicy? _policy;

    /// <summary>As reported to the VSM and kept on disk.</summary>
    public Attachment Attachment { get; } = attachment;

    /// <summary>The port's place in the switch; null while its netdev is not there.</summary>
    public SwitchPort? SwitchPort { get; set; }

    /// <summary>The interface that the VSM made of it, <c>Vethernet5</c>; null while it has not.</summary>
    public string? Interface => State?.Interface ?? (Attachment.Interface.Length > 0 ? Attachment.Interface : null);

    /// <summary>What the VSM says about it; null while it has said nothing.</summary>
    public PortState? State { get; private set; }

    /// <summary>What it does; nothing passes while the VSM has said nothing.</summary>
    public PortPolicy Policy => _policy?.Policy ?? PortPolicy.Blocked;

    /// <summary>Why the VSM lets nothing pass; empty when it does.</summary>
    public string BlockedReason => _policy?.Said.BlockedReason ?? "";

    /// <summary>Notes what the VSM says about it.</summary>
    public void SetState(PortState state, EnforcedPolicy policy)
    {
        State = state;
        _policy = policy;
        Attachment.Interface = state.Interface;
    }

    /// <summary>Notes that the VSM says nothing about it.</summary>
    public void ForgetState()
    {
        State = null;
        _policy = null;
    }

    /// <summary>Why the link is down; empty while it is up.</summary>
    public string LinkReason => SwitchPort switch
    {
        null => Attachment.LinkReason,
        { Port.IsLinkUp: true } => "",
        { Port: var port } => port.LinkDownReason,
    };

    /// <summary>Why the port cannot forward although its policy lets it; empty when it can.</summary>
    public string DownReason { get; set; } = "";

    /// <summary>Set once the netdev has been deleted: it is not made again behind its owner's back.</summary>
    public bool IsLost { get; set; }

    /// <summary>Whether frames come and go: it forwards and has a link.</summary>
    public bool IsUp { get; set; }

    /// <summary>The static MAC entry that stands for it: the VLAN, or 0.</summary>
    public int StaticVlan { get; set; }

    /// <summary>Set while somebody waits for the VSM's answer to the attachment.</summary>
    public TaskCompletionSource<AttachResult>? Waiting { get; set; }

    public MacAddress? Mac => MacAddress.TryParse(Attachment.Mac, out MacAddress mac) ? mac : null;

    /// <summary>
    /// The number that the Nexus 1000V calls local target logic: 16 and its number for an uplink, from 49 for vEths; 0 while
    /// the port is not open.
    /// </summary>
    public int Ltl => Attachment.Uplink ? UplinkLtl + (int)Attachment.UplinkNumber : SwitchPort is { } open ? FirstVethLtl + open.Index : 0;

    /// <summary><c>Veth5</c>, <c>Eth3/1</c>, or <c>-</c> while the VSM has not numbered it.</summary>
    public string ShortName => Interface is { } name && InterfaceName.TryParse(name, out InterfaceName parsed) ? parsed.Short : "-";

    /// <summary>The netdev, with its network namespace when it is in another, <c>eth0@vm1</c>; or the socket.</summary>
    public string Device => Attachment.Netns.Length > 0 ? $"{Attachment.Device}@{Attachment.Netns}" : Attachment.Device;

    /// <summary>What the user calls it: the vEth, or the device while it has none.</summary>
    public string Title => Interface ?? Device;
}

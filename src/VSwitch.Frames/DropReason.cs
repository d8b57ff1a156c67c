namespace VSwitch.Frames;

/// <summary>
/// Why a frame ended without being sent. Every frame ends sent or with one of these; <see cref="DropReasons"/> has a
/// name and a sentence for each, from which the documentation and the <c>show</c> commands are made.
/// Reasons up to <see cref="NoEgress"/> are counted on the port that received the frame, the others on the port that
/// was to send it. <see cref="RxOverrun"/> alone is of frames that the switch never saw: they are not among the received.
/// </summary>
public enum DropReason : byte
{
    None = 0,
    RxOverrun,

    // Ingress: counted once for the frame.
    PortBlocked,
    Runt,
    Oversize,
    Malformed,
    SourceInvalid,
    ReservedAddress,
    TaggedOnAccess,
    VlanNotAllowed,
    VlanInactive,
    DejaVu,
    SourceStaticElsewhere,
    AclIn,
    Hairpin,
    UplinkToUplink,
    NoEgress,

    // Egress: counted once for each copy.
    AclOut,
    EgressBlocked,
    MtuExceeded,
    RingFull,
    LinkDown,
    Unsegmentable,
    SendFailed,

    Count,
}

/// <summary>The name and the meaning of every <see cref="DropReason"/>.</summary>
public static class DropReasons
{
    public const int Count = (int)DropReason.Count;

    private static readonly (string Name, string Meaning)[] Texts = new (string, string)[Count];

    static DropReasons()
    {
        Tell(DropReason.None, "none", "The frame was not dropped.");
        Tell(DropReason.RxOverrun, "rx-overrun", "The port's receive ring was full, and the kernel dropped the frame; it is not among the received.");
        Tell(DropReason.PortBlocked, "port-blocked", "The port is shut down, quarantined or not yet known to the VSM.");
        Tell(DropReason.Runt, "runt", "The frame is shorter than an Ethernet header.");
        Tell(DropReason.Oversize, "oversize", "The frame is longer than the port takes, or was truncated on its way in.");
        Tell(DropReason.Malformed, "malformed", "The frame's tags or its offload metadata do not fit its bytes.");
        Tell(DropReason.SourceInvalid, "source-invalid", "The source MAC address is a group address or all zeros.");
        Tell(DropReason.ReservedAddress, "reserved-address", "The destination is an 802.1Q reserved group address (01-80-C2-00-00-0X), which no bridge forwards.");
        Tell(DropReason.TaggedOnAccess, "tagged-on-access", "An access port received a frame with a VLAN tag, perhaps behind a priority tag.");
        Tell(DropReason.VlanNotAllowed, "vlan-not-allowed", "The trunk does not carry the frame's VLAN.");
        Tell(DropReason.VlanInactive, "vlan-inactive", "The frame's VLAN does not exist or is suspended.");
        Tell(DropReason.DejaVu, "deja-vu", "An uplink returned a frame that a local vEth had sent.");
        Tell(DropReason.SourceStaticElsewhere, "source-static-elsewhere", "The source MAC address belongs to another local vEth.");
        Tell(DropReason.AclIn, "acl-in", "The port's inbound access list denied the frame.");
        Tell(DropReason.Hairpin, "hairpin", "The destination is behind the port that the frame came from.");
        Tell(DropReason.UplinkToUplink, "uplink-to-uplink", "The destination is behind an uplink and the frame came from one.");
        Tell(DropReason.NoEgress, "no-egress", "No other port carries the frame's VLAN.");
        Tell(DropReason.AclOut, "acl-out", "The egress port's outbound access list denied the copy.");
        Tell(DropReason.EgressBlocked, "egress-blocked", "The egress port is shut down, quarantined or does not carry the VLAN.");
        Tell(DropReason.MtuExceeded, "mtu-exceeded", "The frame is longer than the egress port's MTU.");
        Tell(DropReason.RingFull, "ring-full", "The egress port's queue had no room.");
        Tell(DropReason.LinkDown, "link-down", "The egress port's netdev or peer is down or gone.");
        Tell(DropReason.Unsegmentable, "unsegmentable", "The frame has to be segmented or checksummed in software and its headers do not allow it.");
        Tell(DropReason.SendFailed, "send-failed", "The kernel refused the frame.");
    }

    public static string Name(DropReason reason) => Texts[(int)reason].Name;

    public static string Meaning(DropReason reason) => Texts[(int)reason].Meaning;

    public static bool IsEgress(DropReason reason) => reason > DropReason.NoEgress;

    private static void Tell(DropReason reason, string name, string meaning) => Texts[(int)reason] = (name, meaning);
}

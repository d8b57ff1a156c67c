using VSwitch.Frames;
using VSwitch.Policy;
using VSwitch.Wire;

namespace VSwitch.Forwarding;

/// <summary>
/// A compiled policy, immutable: what a worker needs to know, and the stages that a frame from a port with it goes through. A
/// stage that the policy does not ask for is not in the list and costs nothing. All ports that have a policy share this, so an
/// edit of the policy of a thousand ports compiles once and leaves the garbage collector one object to follow, not a thousand.
/// </summary>
public sealed class PolicySnapshot
{
    private const int VidMask = 0xFFF;

    private readonly IStage[] _vethStages;
    private readonly IStage[] _uplinkStages;

    public PolicySnapshot(PortPolicy evaluated, BoundAccessList? accessListIn, BoundAccessList? accessListOut)
    {
        Evaluated = evaluated;
        AccessListIn = accessListIn;
        AccessListOut = accessListOut;
        IsTrunk = evaluated.Mode == SwitchportMode.Trunk;
        UntaggedVlan = IsTrunk ? evaluated.NativeVlan : evaluated.AccessVlan;
        Vlans = IsTrunk ? evaluated.AllowedVlans : VlanSet.Of(evaluated.AccessVlan);
        _vethStages = StageOrder.Ingress(this, isUplink: false);
        _uplinkStages = StageOrder.Ingress(this, isUplink: true);
        EgressStages = StageOrder.Egress(this);
    }

    /// <summary>What this was compiled from.</summary>
    public PortPolicy Evaluated { get; }

    public BoundAccessList? AccessListIn { get; }

    public BoundAccessList? AccessListOut { get; }

    public bool IsForwarding => Evaluated.AdminUp;

    public bool IsTrunk { get; }

    /// <summary>The VLAN of untagged frames: the access VLAN, or a trunk's native VLAN.</summary>
    public int UntaggedVlan { get; }

    /// <summary>The VLANs that a port with this policy carries.</summary>
    public VlanSet Vlans { get; }

    internal IEgressStage[] EgressStages { get; }

    /// <summary>Whether frames of a VLAN leave by a port with this policy.</summary>
    public bool Carries(int vlan) => IsForwarding && Vlans.Contains(vlan);

    /// <summary>Whether both let the same frames' VLANs in and out.</summary>
    public bool HasSameVlans(PolicySnapshot other) =>
        IsForwarding == other.IsForwarding && IsTrunk == other.IsTrunk && UntaggedVlan == other.UntaggedVlan && Vlans.Equals(other.Vlans);

    /// <summary>
    /// The tag that a frame leaves with. A frame with an inner tag leaves a trunk tagged in its native VLAN too: without a tag of
    /// its own, the inner one would take it into another VLAN.
    /// </summary>
    /// <returns>The TCI, or <see cref="SendEntry.Untagged"/>.</returns>
    public int EgressTci(ref readonly Frame frame) =>
        !IsTrunk || (frame.Vlan == UntaggedVlan && !frame.HasInnerTag) ? SendEntry.Untagged : frame.PriorityBits | frame.Vlan & VidMask;

    internal IStage[] IngressStages(bool isUplink) => isUplink ? _uplinkStages : _vethStages;
}

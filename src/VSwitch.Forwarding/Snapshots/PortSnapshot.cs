using VSwitch.Frames;
using VSwitch.Policy;
using VSwitch.Wire;

namespace VSwitch.Forwarding;

/// <summary>
/// One port's compiled policy, immutable: what a worker needs to know, and the stages that a frame from this port goes
/// through. A stage that the policy does not ask for is not in the list and costs nothing.
/// </summary>
public sealed class PortSnapshot
{
    private const int VidMask = 0xFFF;

    public PortSnapshot(SwitchPort port, PortPolicy policy, BoundAccessList? accessListIn, BoundAccessList? accessListOut)
    {
        Port = port;
        Policy = policy;
        AccessListIn = accessListIn;
        AccessListOut = accessListOut;
        IsTrunk = policy.Mode == SwitchportMode.Trunk;
        UntaggedVlan = IsTrunk ? policy.NativeVlan : policy.AccessVlan;
        Vlans = IsTrunk ? policy.AllowedVlans : VlanSet.Of(policy.AccessVlan);
        IngressStages = StageOrder.Ingress(this);
        EgressStages = StageOrder.Egress(this);
    }

    public SwitchPort Port { get; }

    public PortPolicy Policy { get; }

    public BoundAccessList? AccessListIn { get; }

    public BoundAccessList? AccessListOut { get; }

    public bool IsTrunk { get; }

    /// <summary>The VLAN of untagged frames: the access VLAN, or a trunk's native VLAN.</summary>
    public int UntaggedVlan { get; }

    /// <summary>The VLANs that the port carries.</summary>
    public VlanSet Vlans { get; }

    public bool IsForwarding => Policy.AdminUp;

    internal IStage[] IngressStages { get; }

    internal IEgressStage[] EgressStages { get; }

    /// <summary>Whether frames of a VLAN leave by this port.</summary>
    public bool Carries(int vlan) => IsForwarding && Vlans.Contains(vlan);

    /// <summary>
    /// The tag that a frame leaves with. A frame with an inner tag leaves a trunk tagged in its native VLAN too: without a tag of
    /// its own, the inner one would take it into another VLAN.
    /// </summary>
    /// <returns>The TCI, or <see cref="SendEntry.Untagged"/>.</returns>
    public int EgressTci(ref readonly Frame frame) =>
        !IsTrunk || (frame.Vlan == UntaggedVlan && !frame.HasInnerTag) ? SendEntry.Untagged : frame.PriorityBits | frame.Vlan & VidMask;
}

using VSwitch.Frames;
using VSwitch.Wire;

namespace VSwitch.Forwarding;

/// <summary>
/// VLAN: classifies every frame into one VLAN (IEEE 802.1Q clause 6.9). Untagged and priority-tagged frames belong to
/// the access or native VLAN; a tag with a VLAN id is for trunks only, and so is one that hides behind a priority tag, because
/// who receives the frame without the latter would take it for the frame's VLAN.
/// </summary>
internal sealed class VlanStage : IStage
{
    private const int VidMask = 0xFFF;
    private const int PriorityMask = 0xF000;

    public Step Step => Step.Vlan;

    public void Process(Pass pass)
    {
        FrameBatch batch = pass.Batch;
        PolicySnapshot ingress = pass.Ingress.Policy;
        VlanSet active = pass.Snapshot.ActiveVlans;
        for (ulong rest = batch.Alive; rest != 0; rest &= rest - 1)
        {
            int index = FrameBatch.First(rest);
            ref Frame frame = ref batch[index];
            int tci = Tci(in frame);
            int vlan = tci & VidMask;
            if (vlan == 0)
                vlan = ingress.UntaggedVlan;
            if (!ingress.IsTrunk && ((tci & VidMask) != 0 || frame.HasInnerTag))
            {
                batch.Drop(index, DropReason.TaggedOnAccess);
                continue;
            }

            if (frame.Headers.Has(ParseFlags.TagMalformed))
                batch.Drop(index, DropReason.Malformed);
            else if (!ingress.Vlans.Contains(vlan))
                batch.Drop(index, DropReason.VlanNotAllowed);
            else if (!active.Contains(vlan))
                batch.Drop(index, DropReason.VlanInactive);
            frame.Vlan = (ushort)vlan;
            frame.PriorityBits = (ushort)(tci & PriorityMask);
        }
    }

    /// <summary>The TCI of the outer tag, wherever it is; zero for an untagged frame.</summary>
    private static int Tci(ref readonly Frame frame)
    {
        if (frame.HasOutOfBandTag)
            return frame.OutOfBandTci;
        return frame.Headers.Has(ParseFlags.Tagged) ? frame.Headers.Tci : 0;
    }
}

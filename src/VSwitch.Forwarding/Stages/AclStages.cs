using VSwitch.Frames;

namespace VSwitch.Forwarding;

/// <summary>Acl-in: the port's inbound IPv4 access list.</summary>
internal sealed class AclInStage : IStage
{
    public Step Step => Step.AclIn;

    public void Process(Pass pass)
    {
        FrameBatch batch = pass.Batch;
        BoundAccessList accessList = pass.Ingress.Policy.AccessListIn!;
        AccessListCounters counters = pass.AccessListCounters;
        for (ulong rest = batch.Alive; rest != 0; rest &= rest - 1)
        {
            int index = FrameBatch.First(rest);
            if (!accessList.Permits(in batch[index].Headers, counters))
                batch.Drop(index, DropReason.AclIn);
        }
    }
}

/// <summary>Acl-out: the port's outbound IPv4 access list.</summary>
internal sealed class AclOutStage : IEgressStage
{
    public Step Step => Step.AclOut;

    public void Process(Pass pass, PortSnapshot egress, SendList copies)
    {
        BoundAccessList accessList = egress.Policy.AccessListOut!;
        AccessListCounters counters = pass.AccessListCounters;
        ReadOnlySpan<SendEntry> entries = copies.Entries;
        ulong permitted = 0;
        for (int i = 0; i < entries.Length; i++)
        {
            if (accessList.Permits(in pass.Batch[entries[i].FrameIndex].Headers, counters))
                permitted |= 1UL << i;
            else
                pass.DropCopy(egress, DropReason.AclOut);
        }
        copies.Keep(permitted);
    }
}

using VSwitch.Frames;

namespace VSwitch.Forwarding;

/// <summary>
/// Deja-vu: an uplink that returns what a local vEth has sent closes a loop; instead of spanning tree the frame ends
/// here (the Nexus 1000V's rule). An address that was only learnt counts as the vEth's for as long as the vEth sends from
/// it; a station that has really moved is believed a moment later, or as soon as its vEth has no link or is detached. A VM that
/// is migrated announces itself a few times, within a second of leaving.
/// </summary>
internal sealed class DejaVuStage : IStage
{
    private const uint FreshSecondsMax = 1;

    public Step Step => Step.DejaVu;

    public void Process(Pass pass)
    {
        FrameBatch batch = pass.Batch;
        for (ulong rest = batch.Alive; rest != 0; rest &= rest - 1)
        {
            int index = FrameBatch.First(rest);
            ref Frame frame = ref batch[index];
            int owner = pass.MacTable.LookupFresh(frame.Vlan, frame.Headers.SourceMac, pass.NowSeconds, FreshSecondsMax);
            if (owner >= 0 && pass.Snapshot.Port(owner) is { Port: { IsUplink: false, Port.IsLinkUp: true } })
                batch.Drop(index, DropReason.DejaVu);
        }
    }
}

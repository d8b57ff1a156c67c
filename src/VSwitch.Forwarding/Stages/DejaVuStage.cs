using VSwitch.Frames;

namespace VSwitch.Forwarding;

/// <summary>
/// Deja-vu: an uplink that returns what a local vEth has sent closes a loop; instead of spanning tree the frame ends
/// here (the Nexus 1000V's rule).
/// </summary>
internal sealed class DejaVuStage : IStage
{
    public string Name => "deja-vu";

    public void Process(Pass pass)
    {
        FrameBatch batch = pass.Batch;
        for (ulong rest = batch.Alive; rest != 0; rest &= rest - 1)
        {
            int index = FrameBatch.First(rest);
            ref Frame frame = ref batch[index];
            int owner = pass.MacTable.LookupStatic(frame.Vlan, frame.Headers.SourceMac);
            if (owner >= 0 && owner != pass.Ingress.Port.Index)
                batch.Drop(index, DropReason.DejaVu);
        }
    }
}

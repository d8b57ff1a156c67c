using VSwitch.Frames;

namespace VSwitch.Forwarding;

/// <summary>Learn: notes which port every source address is behind, and ends frames whose source is another vEth's.</summary>
internal sealed class LearnStage : IStage
{
    public Step Step => Step.Learn;

    public void Process(Pass pass)
    {
        FrameBatch batch = pass.Batch;
        int port = pass.Ingress.Port.Index;
        for (ulong rest = batch.Alive; rest != 0; rest &= rest - 1)
        {
            int index = FrameBatch.First(rest);
            ref Frame frame = ref batch[index];
            if (pass.MacTable.Learn(frame.Vlan, frame.Headers.SourceMac, port, pass.NowSeconds) == LearnResult.StaticElsewhere)
                batch.Drop(index, DropReason.SourceStaticElsewhere);
        }
    }
}

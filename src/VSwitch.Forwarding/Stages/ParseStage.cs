using VSwitch.Frames;
using VSwitch.Ports;
using VSwitch.Wire;

namespace VSwitch.Forwarding;

/// <summary>
/// Parse: reads the head of every frame once into its descriptor, and checks once what the sender says about checksum
/// and segmentation. Later stages and the egress ports rely on both.
/// </summary>
internal sealed class ParseStage : IStage
{
    private const ulong GroupBit = 1UL << 40;

    public Step Step => Step.Parse;

    public void Process(Pass pass)
    {
        FrameBatch batch = pass.Batch;
        for (ulong rest = batch.Alive; rest != 0; rest &= rest - 1)
        {
            int index = FrameBatch.First(rest);
            ref Frame frame = ref batch[index];
            if (!FrameParser.TryParse(frame.Head, frame.FrameBytes, out frame.Headers))
                batch.Drop(index, DropReason.Runt);
            else if ((frame.Headers.SourceMac & GroupBit) != 0 || frame.Headers.SourceMac == 0)
                batch.Drop(index, DropReason.SourceInvalid);
            else if (!OffloadRules.IsValid(in frame))
                batch.Drop(index, DropReason.Malformed);
        }
    }
}

using VSwitch.Frames;

namespace VSwitch.Forwarding;

/// <summary>Ingress-state: a port that is shut down, quarantined or unknown to the VSM lets nothing in.</summary>
internal sealed class IngressStateStage : IStage
{
    public Step Step => Step.State;

    public void Process(Pass pass) => pass.Batch.DropAll(DropReason.PortBlocked);
}

using VSwitch.Frames;

namespace VSwitch.Forwarding;

/// <summary>
/// One step of a frame's way in: a sealed class without state of its own that walks the living frames of a batch and
/// drops some or writes what it found into their descriptors. One virtual call per batch.
/// </summary>
internal interface IStage
{
    string Name { get; }

    void Process(Pass pass);
}

/// <summary>One step of the way out of one port: takes copies off its send list.</summary>
internal interface IEgressStage
{
    string Name { get; }

    void Process(Pass pass, PortSnapshot egress, SendList copies);
}

/// <summary>The order of the stages (DESIGN section 4), and which of them a port's policy asks for.</summary>
internal static class StageOrder
{
    private static readonly IngressStateStage IngressState = new();
    private static readonly ParseStage Parse = new();
    private static readonly VlanStage Vlan = new();
    private static readonly AclInStage AclIn = new();
    private static readonly DejaVuStage DejaVu = new();
    private static readonly LearnStage Learn = new();
    private static readonly LookupStage Lookup = new();
    private static readonly AclOutStage AclOut = new();

    public static IStage[] Ingress(PortSnapshot port)
    {
        if (!port.IsForwarding)
            return [Parse, IngressState];
        var stages = new List<IStage> { Parse, Vlan };
        if (port.AccessListIn is not null)
            stages.Add(AclIn);
        if (port.Port.IsUplink)
            stages.Add(DejaVu);
        stages.Add(Learn);
        stages.Add(Lookup);
        return [.. stages];
    }

    public static IEgressStage[] Egress(PortSnapshot port) => port.AccessListOut is not null ? [AclOut] : [];
}

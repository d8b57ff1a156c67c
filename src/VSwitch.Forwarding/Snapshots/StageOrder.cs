namespace VSwitch.Forwarding;

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

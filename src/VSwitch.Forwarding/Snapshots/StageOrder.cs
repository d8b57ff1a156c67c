namespace VSwitch.Forwarding;

/// <summary>The order of the stages (DESIGN section 4), and which of them a port's policy asks for. Ports with the same stages share their list.</summary>
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

    private static readonly IStage[] Blocked = [Parse, IngressState];
    private static readonly IStage[] Veth = [Parse, Vlan, Learn, Lookup];
    private static readonly IStage[] VethWithAcl = [Parse, Vlan, AclIn, Learn, Lookup];
    private static readonly IStage[] Uplink = [Parse, Vlan, DejaVu, Learn, Lookup];
    private static readonly IStage[] UplinkWithAcl = [Parse, Vlan, AclIn, DejaVu, Learn, Lookup];
    private static readonly IEgressStage[] Plain = [];
    private static readonly IEgressStage[] WithAcl = [AclOut];

    public static IStage[] Ingress(PortSnapshot port) => (port.IsForwarding, port.Port.IsUplink, port.AccessListIn is not null) switch
    {
        (false, _, _) => Blocked,
        (true, false, false) => Veth,
        (true, false, true) => VethWithAcl,
        (true, true, false) => Uplink,
        (true, true, true) => UplinkWithAcl,
    };

    public static IEgressStage[] Egress(PortSnapshot port) => port.AccessListOut is not null ? WithAcl : Plain;
}

namespace VSwitch.Forwarding;

/// <summary>The order of the stages (DESIGN section 4), and which of them a policy asks for. Policies with the same stages share their list.</summary>
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

    public static IStage[] Ingress(PolicySnapshot policy, bool isUplink) => (policy.IsForwarding, isUplink, policy.AccessListIn is not null) switch
    {
        (false, _, _) => Blocked,
        (true, false, false) => Veth,
        (true, false, true) => VethWithAcl,
        (true, true, false) => Uplink,
        (true, true, true) => UplinkWithAcl,
    };

    public static IEgressStage[] Egress(PolicySnapshot policy) => policy.AccessListOut is not null ? WithAcl : Plain;
}

using VSwitch.Fuzz.Targets;

namespace VSwitch.Fuzz;

public static class FuzzTargets
{
    public static IReadOnlyList<IFuzzTarget> All { get; } =
    [
        new FrameParserTarget(),
        new EthernetTarget(),
        new VlanTagTarget(),
        new LlcTarget(),
        new ArpTarget(),
        new Ipv4Target(),
        new Ipv6Target(),
        new TcpTarget(),
        new UdpTarget(),
        new IcmpTarget(),
        new Icmpv6Target(),
        new IgmpTarget(),
        new ChecksumTarget(),
        new MacAddressTextTarget(),
        new VlanSetTextTarget(),
        new Ipv4PrefixTextTarget(),
    ];
}

using VSwitch.Commands;
using VSwitch.Policy;

namespace VSwitch.Vsm;

/// <summary>The kinds of values that the supervisor's commands take beyond those of every switch.</summary>
internal static class ParameterKinds
{
    /// <summary>The VLANs that can be made: the others NX-OS keeps for itself.</summary>
    private static readonly (int First, int Last)[] Vlans = [(1, 3967), (4048, 4093)];

    public static void AddTo(CommandTable<CommandContext> table)
    {
        table.AddType(new NumberSetType("vlans", "VLAN numbers and ranges, such as 1-10,20", Vlans));
        table.AddType(new NumberType("vlan", "VLAN number", [.. Vlans.Select(range => ((long)range.First, (long)range.Last))]));
        table.AddType(new WordType("vlan-name", "Name of the VLAN", ConfigValidator.VlanNameLengthMax));
        table.AddType(new WordType("host-name", "Name of the switch", 63));
        table.AddType(new WordType("profile", "Name of the port profile"), context => context.Config.Profiles.Keys);
        table.AddType(new WordType("acl", "Name of the access list"), context => context.Config.AccessLists.Keys);
        table.AddType(new NumberType("ageing", "Seconds, 0 to keep addresses for good", (0, 0), (60, 1_000_000)));
        table.AddType(new NumberType("module", "Module number", (ConfigValidator.FirstModule, ConfigValidator.LastModule)));
        table.AddType(new HostIdType());
        foreach (string type in (string[])["interface", "interface-list", "vethernet", "ethernet"])
            table.Offer(type, context => InterfaceNames.Offered(context, type));

        table.AddType(new NamedNumberType("protocol", "IP protocol, by name or number", NumberNames.Protocols, byte.MaxValue));
        table.AddType(new NamedNumberType("tcp-port", "TCP port, by name or number", NumberNames.TcpPorts, ushort.MaxValue));
        table.AddType(new NamedNumberType("udp-port", "UDP port, by name or number", NumberNames.UdpPorts, ushort.MaxValue));
        table.AddType(new NamedNumberType("icmp-type", "ICMP type, by name or number", NumberNames.IcmpTypes, byte.MaxValue));
        table.AddType(new NamedNumberType("dscp-value", "DSCP, by name or number", NumberNames.Dscps, 63));
    }
}

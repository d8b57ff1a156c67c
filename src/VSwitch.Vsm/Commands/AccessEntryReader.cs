using System.Net;
using VSwitch.Commands;
using VSwitch.Policy;
using VSwitch.Wire;

namespace VSwitch.Vsm;

/// <summary>Makes an entry of an access list of what was typed. Without a sequence number its sequence is 0.</summary>
internal static class AccessEntryReader
{
    public static AccessEntry Remark(Invocation<CommandContext> invocation) =>
        new() { Sequence = Sequence(invocation), Remark = invocation.Get<string>("text") };

    public static AccessEntry Read(Invocation<CommandContext> invocation) => new()
    {
        Sequence = Sequence(invocation),
        Action = invocation.Has("permit") ? AccessAction.Permit : AccessAction.Deny,
        Protocol = Protocol(invocation),
        Source = Prefix(invocation, "src"),
        SourcePort = Ports(invocation, "sport"),
        Destination = Prefix(invocation, "dst"),
        DestinationPort = Ports(invocation, "dport"),
        Established = invocation.Has("established"),
        Dscp = invocation.TryGet("dscp", out int dscp) ? (byte)dscp : null,
        IcmpType = invocation.TryGet("type", out int type) ? (byte)type : null,
    };

    private static uint Sequence(Invocation<CommandContext> invocation) => (uint)invocation.Get("sequence", 0L);

    private static byte? Protocol(Invocation<CommandContext> invocation) => invocation.Which("tcp", "udp", "icmp", "ip") switch
    {
        "tcp" => IpProtocol.Tcp,
        "udp" => IpProtocol.Udp,
        "icmp" => IpProtocol.Icmp,
        "ip" => null,
        _ => (byte)invocation.Get<int>("protocol"),
    };

    private static Ipv4Prefix Prefix(Invocation<CommandContext> invocation, string side)
    {
        if (invocation.TryGet($"{side}.host", out IPAddress host))
            return Ipv4Prefix.Host(Address(host));
        if (invocation.TryGet($"{side}.prefix", out IPNetwork network))
            return Ipv4Prefix.Of(Address(network.BaseAddress), network.PrefixLength);
        return invocation.TryGet($"{side}.address", out IPAddress address)
            ? Ipv4Prefix.WithWildcard(Address(address), Address(invocation.Get<IPAddress>($"{side}.wildcard")))
            : Ipv4Prefix.Any;
    }

    private static Ipv4Address Address(IPAddress address) => Ipv4Address.Read(address.GetAddressBytes());

    private static PortMatch Ports(Invocation<CommandContext> invocation, string side)
    {
        if (!invocation.TryGet($"{side}.port", out int port))
            return PortMatch.Any;
        var low = (ushort)port;
        return invocation.Which($"{side}.eq", $"{side}.neq", $"{side}.gt", $"{side}.lt", $"{side}.range")![(side.Length + 1)..] switch
        {
            "eq" => new PortMatch(PortOperator.Equal, low, low),
            "neq" => new PortMatch(PortOperator.NotEqual, low, low),
            "gt" => new PortMatch(PortOperator.GreaterThan, low, low),
            "lt" => new PortMatch(PortOperator.LessThan, low, low),
            _ => new PortMatch(PortOperator.Range, low, (ushort)invocation.Get<int>($"{side}.last")),
        };
    }
}

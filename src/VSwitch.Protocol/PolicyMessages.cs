using VSwitch.Policy;
using VSwitch.Wire;

namespace VSwitch.Protocol;

/// <summary>
/// Policy as records and as messages, in both directions. The VSM writes; the VEM reads, and what it reads is checked here
/// once: a number out of its range or a text that is no VLAN list is an <see cref="InvalidDataException"/>, which the VEM
/// answers with a nack.
/// </summary>
public static class PolicyMessages
{
    /// <summary>An evaluated policy as a message.</summary>
    /// <param name="name">By which ports refer to it.</param>
    public static PolicyState ToMessage(this PortPolicy policy, string name, PortBlock? block) => new()
    {
        Name = name,
        Trunk = policy.Mode == SwitchportMode.Trunk,
        AccessVlan = (uint)policy.AccessVlan,
        NativeVlan = (uint)policy.NativeVlan,
        AllowedVlans = policy.AllowedVlans.ToString(),
        AdminUp = policy.AdminUp,
        AccessGroupIn = policy.AccessGroupIn ?? "",
        AccessGroupOut = policy.AccessGroupOut ?? "",
        MtuBytes = (uint)(policy.MtuBytes ?? 0),
        BlockedReason = block?.ToString() ?? "",
    };

    /// <exception cref="InvalidDataException">A number is out of its range.</exception>
    public static PortPolicy ToPolicy(this PolicyState message) => new()
    {
        Mode = message.Trunk ? SwitchportMode.Trunk : SwitchportMode.Access,
        AccessVlan = Vlan(message.AccessVlan, $"access VLAN of {message.Name}"),
        NativeVlan = Vlan(message.NativeVlan, $"native VLAN of {message.Name}"),
        AllowedVlans = Vlans(message.AllowedVlans, $"allowed VLANs of {message.Name}"),
        AdminUp = message.AdminUp,
        AccessGroupIn = NullIfEmpty(message.AccessGroupIn),
        AccessGroupOut = NullIfEmpty(message.AccessGroupOut),
        MtuBytes = message.MtuBytes switch
        {
            0 => null,
            >= ConfigValidator.MtuBytesMin and <= ConfigValidator.MtuBytesMax => (int)message.MtuBytes,
            _ => throw new InvalidDataException($"The mtu of {message.Name} is {message.MtuBytes}."),
        },
    };

    /// <summary>The interface that a message is about.</summary>
    /// <exception cref="InvalidDataException">It is no interface.</exception>
    public static InterfaceId InterfaceId(this PortState message) =>
        Policy.InterfaceId.TryParse(message.Interface, out InterfaceId id)
            ? id
            : throw new InvalidDataException($"'{message.Interface}' is no interface.");

    public static Settings ToSettings(this SwitchConfig config) => new()
    {
        MacAgeingSeconds = (uint)config.MacAgeingSeconds,
        ActiveVlans = VlanReferences.Active(config).ToString(),
    };

    /// <summary>The VLANs that forward.</summary>
    /// <exception cref="InvalidDataException">The text is not a VLAN list.</exception>
    public static VlanSet ActiveVlanSet(this Settings message) => Vlans(message.ActiveVlans, "active VLANs");

    /// <summary>An access list without its remarks, which no frame meets.</summary>
    public static AccessList ToMessage(this AccessListConfig list)
    {
        var message = new AccessList { Name = list.Name, StatisticsPerEntry = list.StatisticsPerEntry };
        message.Entries.AddRange(list.Entries.Where(entry => entry.Remark is null).Select(ToMessage));
        return message;
    }

    /// <exception cref="InvalidDataException">An entry is out of order or asks for what does not exist.</exception>
    public static AccessListConfig ToConfig(this AccessList message)
    {
        var list = new AccessListConfig
        {
            Name = message.Name,
            StatisticsPerEntry = message.StatisticsPerEntry,
            Entries = [.. message.Entries.Select(entry => ToEntry(entry, message.Name))],
        };
        for (int i = 1; i < list.Entries.Length; i++)
        {
            if (list.Entries[i].Sequence <= list.Entries[i - 1].Sequence)
                throw new InvalidDataException($"Entry {list.Entries[i].Sequence} of access list {list.Name} is out of order.");
        }

        return list;
    }

    private static AccessListEntry ToMessage(AccessEntry entry)
    {
        var message = new AccessListEntry
        {
            Sequence = entry.Sequence,
            Permit = entry.Action == AccessAction.Permit,
            SourceAddress = entry.Source.Address.Value,
            SourceWildcard = ~entry.Source.Mask,
            SourcePort = ToMessage(entry.SourcePort),
            DestinationAddress = entry.Destination.Address.Value,
            DestinationWildcard = ~entry.Destination.Mask,
            DestinationPort = ToMessage(entry.DestinationPort),
            Established = entry.Established,
        };
        if (entry.Protocol is { } protocol)
            message.Protocol = protocol;
        if (entry.Dscp is { } dscp)
            message.Dscp = dscp;
        if (entry.IcmpType is { } type)
            message.IcmpType = type;
        return message;
    }

    private static AccessEntry ToEntry(AccessListEntry message, string list) => new()
    {
        Sequence = message.Sequence,
        Action = message.Permit ? AccessAction.Permit : AccessAction.Deny,
        Protocol = message.HasProtocol ? Byte(message.Protocol, byte.MaxValue, "protocol", list) : null,
        Source = Prefix(message.SourceAddress, message.SourceWildcard),
        SourcePort = ToMatch(message.SourcePort, list),
        Destination = Prefix(message.DestinationAddress, message.DestinationWildcard),
        DestinationPort = ToMatch(message.DestinationPort, list),
        Established = message.Established,
        Dscp = message.HasDscp ? Byte(message.Dscp, 63, "dscp", list) : null,
        IcmpType = message.HasIcmpType ? Byte(message.IcmpType, byte.MaxValue, "ICMP type", list) : null,
    };

    /// <summary>No message at all says "any port", which is what most entries say.</summary>
    private static PortRange? ToMessage(PortMatch match) =>
        match == PortMatch.Any ? null : new PortRange { Operator = (uint)match.Operator, Low = match.Low, High = match.High };

    private static PortMatch ToMatch(PortRange? message, string list)
    {
        if (message is null)
            return PortMatch.Any;
        if (message.Operator > (uint)PortOperator.Range || message.Low > ushort.MaxValue || message.High > ushort.MaxValue)
            throw new InvalidDataException($"Access list {list} has a port match that does not exist.");
        return new PortMatch((PortOperator)message.Operator, (ushort)message.Low, (ushort)message.High);
    }

    private static Ipv4Prefix Prefix(uint address, uint wildcard) =>
        Ipv4Prefix.WithWildcard(new Ipv4Address(address), new Ipv4Address(wildcard));

    private static byte Byte(uint value, uint max, string what, string list) =>
        value <= max ? (byte)value : throw new InvalidDataException($"Access list {list} has {what} {value}.");

    private static int Vlan(uint vlan, string what) =>
        vlan is >= VlanSet.VlanMin and <= VlanSet.VlanMax ? (int)vlan : throw new InvalidDataException($"The {what} is {vlan}.");

    private static VlanSet Vlans(string text, string what) =>
        VlanSet.TryParse(text, out VlanSet vlans) ? vlans : throw new InvalidDataException($"The {what} are '{text}'.");

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}

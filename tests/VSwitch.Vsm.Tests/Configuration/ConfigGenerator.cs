using System.Collections.Immutable;
using VSwitch.Policy;
using VSwitch.Wire;

namespace VSwitch.Vsm.Tests;

/// <summary>Makes valid configurations out of a seed: with every kind of word in them, odd names, and VLANs that are gone.</summary>
internal sealed class ConfigGenerator(int seed)
{
    private static readonly string[] Names = ["web", "t", "type", "in", "no", "port-profile", "500", "vlan", "any", "a.b/c:d", "default", "exit", "x{y}[z]"];
    private static readonly string[] Texts = ["plain", "two words", "a | include b", "what? really!", "\"quoted\" text", "! not a comment", "exit", "e\u0301t\u00e9"];

    private readonly Random _random = new(seed);

    public SwitchConfig Next()
    {
        var config = new SwitchConfig
        {
            HostName = Maybe("lab-1.example") ?? "switch",
            MacAgeingSeconds = Of(0, 60, 300, 1_000_000),
            Vlans = Vlans(),
            AccessLists = Some(Names, 4).ToImmutableSortedDictionary(name => name, AccessList, StringComparer.Ordinal),
            Modules = Some(Enumerable.Range(3, 6), 4).ToImmutableSortedDictionary(number => number, Module),
        };
        config = config with { Profiles = Profiles() };
        return config with { Interfaces = Interfaces(config) };
    }

    private ImmutableSortedDictionary<int, VlanConfig> Vlans() =>
        Some(Enumerable.Range(2, 40), 12).Append(1).ToImmutableSortedDictionary(id => id, id => new VlanConfig
        {
            Id = id,
            Name = id == 1 ? null : Maybe($"name-{id}"),
            Suspended = id != 1 && Chance(5),
            Shutdown = id != 1 && Chance(5),
        });

    private AccessListConfig AccessList(string name) => new()
    {
        Name = name,
        StatisticsPerEntry = Chance(2),
        Entries = [.. Some(Enumerable.Range(1, 500), 8).Order().Select(sequence => Entry((uint)sequence)).DistinctBy(entry => entry with { Sequence = 1 })],
    };

    private AccessEntry Entry(uint sequence)
    {
        if (Chance(6))
            return new AccessEntry { Sequence = sequence, Remark = $"{Of(Texts)} {sequence}" };
        byte? protocol = Of<byte?>(null, IpProtocol.Tcp, IpProtocol.Udp, IpProtocol.Icmp, 47, 200);
        bool hasPorts = protocol is IpProtocol.Tcp or IpProtocol.Udp;
        return new AccessEntry
        {
            Sequence = sequence,
            Action = Of(AccessAction.Permit, AccessAction.Deny),
            Protocol = protocol,
            Source = Prefix(),
            SourcePort = hasPorts ? Port() : PortMatch.Any,
            Destination = Prefix(),
            DestinationPort = hasPorts ? Port() : PortMatch.Any,
            Established = protocol == IpProtocol.Tcp && Chance(3),
            Dscp = Chance(3) ? (byte)_random.Next(64) : null,
            IcmpType = protocol == IpProtocol.Icmp && Chance(2) ? (byte)_random.Next(256) : null,
        };
    }

    private Ipv4Prefix Prefix()
    {
        var address = new Ipv4Address((uint)_random.NextInt64(uint.MaxValue));
        return _random.Next(4) switch
        {
            0 => Ipv4Prefix.Any,
            1 => Ipv4Prefix.Host(address),
            2 => Ipv4Prefix.Of(address, _random.Next(33)),
            _ => Ipv4Prefix.WithWildcard(address, new Ipv4Address((uint)_random.NextInt64(uint.MaxValue))),
        };
    }

    private PortMatch Port()
    {
        var port = (ushort)_random.Next(1, 65535);
        PortOperator @operator = Of(Enum.GetValues<PortOperator>());
        return @operator switch
        {
            PortOperator.Any => PortMatch.Any,
            PortOperator.Range => new PortMatch(@operator, port, (ushort)_random.Next(port, 65536)),
            _ => new PortMatch(@operator, port, port),
        };
    }

    private ModuleConfig Module(int number) => new(number, Maybe($"00000000-0000-0000-0000-0000000000{number:D2}") ?? "");

    /// <summary>A profile inherits only from one made before it, and from no more than two generations.</summary>
    private ImmutableSortedDictionary<string, PortProfileConfig> Profiles()
    {
        var depths = new Dictionary<string, int>(StringComparer.Ordinal);
        var profiles = ImmutableSortedDictionary.CreateBuilder<string, PortProfileConfig>(StringComparer.Ordinal);
        foreach (string name in Some(Names, 8))
        {
            PortProfileType type = Of(PortProfileType.Vethernet, PortProfileType.Ethernet);
            string? parent = profiles.Values.Where(profile => profile.Type == type && depths[profile.Name] < ProfileLineage.DepthMax)
                .Select(profile => profile.Name).OrderBy(_ => _random.Next()).FirstOrDefault();
            parent = Chance(2) ? parent : null;
            depths[name] = parent is null ? 1 : depths[parent] + 1;
            profiles[name] = new PortProfileConfig
            {
                Name = name,
                Type = type,
                Inherit = parent,
                Description = Chance(2) ? Of(Texts) : null,
                Enabled = Chance(2),
                MaxPorts = Chance(3) ? _random.Next(20, 1000) : null,
                Port = Words(type),
            };
        }

        return profiles.ToImmutable();
    }

    private PortConfig Words(PortProfileType type) => new()
    {
        Mode = Of<SwitchportMode?>(null, SwitchportMode.Access, SwitchportMode.Trunk),
        AccessVlan = Chance(2) ? _random.Next(1, 60) : null,
        NativeVlan = Chance(3) ? _random.Next(1, 60) : null,
        AllowedVlans = Of(
            null, null, VlanSet.All, VlanSet.Empty, VlanSet.Parse("3960-4094"), VlanSet.Parse("1-300"), VlanSet.Parse("7,9,11-13"), Every(2), Every(9)),
        Shutdown = Of<bool?>(null, true, false),
        AccessGroupIn = Chance(3) ? Of(Names) : null,
        AccessGroupOut = Chance(3) ? Of(Names) : null,
        MtuBytes = type == PortProfileType.Ethernet && Chance(3) ? 9000 : null,
    };

    private static VlanSet Every(int step) =>
        VlanSet.FromRanges([.. Enumerable.Range(1, 4094 / step).Select(index => new VlanRange(index * step, index * step))]);

    private ImmutableSortedDictionary<InterfaceId, InterfaceConfig> Interfaces(SwitchConfig config)
    {
        IEnumerable<InterfaceId> ids =
        [
            .. Some(Enumerable.Range(1, 30), 10).Select(InterfaceId.Vethernet),
            .. Some(Enumerable.Range(1, 30), 5).Select(number => InterfaceId.Ethernet(3 + number % 7, number)),
        ];
        return ids.ToImmutableSortedDictionary(id => id, id => new InterfaceConfig
        {
            Id = id,
            Description = Chance(2) ? Of(Texts) : null,
            Profile = Chance(4) ? null : config.Profiles.Values.Where(profile => profile.Type == id.Type).Select(profile => profile.Name)
                .OrderBy(_ => _random.Next()).FirstOrDefault(),
            Owner = id.IsVethernet && Chance(2) ? new VethOwner(Of("vm1", "vm with spaces", "vm|x", "vm?", "\u4eee\u60f3"), id.Number) : null,
            Port = Chance(2) ? PortConfig.Empty : Words(id.Type),
        });
    }

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    private string? Maybe(string text) => Chance(2) ? text : null;

    private T Of<T>(params T[] choices) => choices[_random.Next(choices.Length)];

    private IEnumerable<T> Some<T>(IEnumerable<T> items, int max) => items.OrderBy(_ => _random.Next()).Take(_random.Next(max + 1)).ToList();
}

using VSwitch.Wire;

namespace VSwitch.Policy.Tests;

/// <summary>Small configurations, made of what a test is about.</summary>
internal static class TestConfig
{
    public static PortProfileConfig Profile(
        string name, PortConfig? port = null, string? inherit = null, PortProfileType type = PortProfileType.Vethernet, bool enabled = true) =>
        new() { Name = name, Type = type, Inherit = inherit, Enabled = enabled, Port = port ?? PortConfig.Empty };

    public static InterfaceConfig Veth(int number, string? profile = null, PortConfig? port = null) =>
        new() { Id = InterfaceId.Vethernet(number), Profile = profile, Port = port ?? PortConfig.Empty };

    public static SwitchConfig With(params PortProfileConfig[] profiles) =>
        SwitchConfig.Empty with { Profiles = SwitchConfig.Empty.Profiles.AddRange(profiles.Select(profile => KeyValuePair.Create(profile.Name, profile))) };

    public static SwitchConfig WithVlans(this SwitchConfig config, params int[] vlans) =>
        config with { Vlans = config.Vlans.SetItems(vlans.Select(id => KeyValuePair.Create(id, new VlanConfig { Id = id }))) };

    public static SwitchConfig WithInterfaces(this SwitchConfig config, params InterfaceConfig[] interfaces) =>
        config with { Interfaces = config.Interfaces.SetItems(interfaces.Select(port => KeyValuePair.Create(port.Id, port))) };

    public static SwitchConfig WithList(this SwitchConfig config, params AccessEntry[] entries) =>
        config with { AccessLists = config.AccessLists.SetItem("list", new AccessListConfig { Name = "list", Entries = [.. entries] }) };

    public static PortConfig Up(int? vlan = null) => new() { Shutdown = false, AccessVlan = vlan };

    public static VlanSet Vlans(string text) => VlanSet.Parse(text);
}

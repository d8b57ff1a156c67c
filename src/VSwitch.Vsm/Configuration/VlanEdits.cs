using VSwitch.Policy;
using VSwitch.Wire;

namespace VSwitch.Vsm;

/// <summary>Makes and removes VLANs.</summary>
public static class VlanEdits
{
    public static SwitchConfig Create(SwitchConfig config, VlanSet vlans)
    {
        VlanSet missing = vlans.Remove(VlanReferences.Existing(config));
        var created = Ids(missing).Select(id => KeyValuePair.Create(id, new VlanConfig { Id = id }));
        return missing.IsEmpty ? config : config with { Vlans = config.Vlans.AddRange(created) };
    }

    public static SwitchConfig Remove(SwitchConfig config, VlanSet vlans) =>
        config with { Vlans = config.Vlans.RemoveRange(Ids(vlans)) };

    /// <summary>Changes each of some VLANs.</summary>
    /// <exception cref="RefusedException">One of them does not exist.</exception>
    public static SwitchConfig Update(SwitchConfig config, VlanSet vlans, Func<VlanConfig, VlanConfig> change) =>
        config with { Vlans = config.Vlans.SetItems(Ids(vlans).Select(id => KeyValuePair.Create(id, change(Find(config, id))))) };

    private static VlanConfig Find(SwitchConfig config, int id) =>
        config.Vlans.TryGetValue(id, out VlanConfig? vlan) ? vlan : throw new RefusedException($"VLAN {id} does not exist");

    private static IEnumerable<int> Ids(VlanSet vlans) =>
        vlans.Ranges().SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1));
}

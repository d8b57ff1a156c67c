using System.Collections.Immutable;
using VSwitch.Policy;

namespace VSwitch.Vsm;

/// <summary>The modules that have been in touch since the supervisor started. Changes at the configuration's gate.</summary>
public sealed class ModuleTable
{
    private volatile ImmutableSortedDictionary<int, Module> _modules = ImmutableSortedDictionary<int, Module>.Empty;

    public IEnumerable<Module> All => _modules.Values;

    public IEnumerable<Module> Connected => _modules.Values.Where(module => module.IsConnected);

    public Module? Find(int number) => _modules.GetValueOrDefault(number);

    /// <summary>The connected module that has an interface attached, or null.</summary>
    public Module? Holder(InterfaceId id) => Connected.FirstOrDefault(module => module.Ports.ContainsKey(id));

    public Module GetOrAdd(int number)
    {
        if (_modules.TryGetValue(number, out Module? module))
            return module;
        module = new Module(number);
        _modules = _modules.Add(number, module);
        return module;
    }

    public void Remove(int number) => _modules = _modules.Remove(number);
}

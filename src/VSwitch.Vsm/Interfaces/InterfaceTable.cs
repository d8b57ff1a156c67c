using VSwitch.Policy;

namespace VSwitch.Vsm;

/// <summary>All interfaces as they are at one moment.</summary>
public sealed class InterfaceTable
{
    private readonly SortedDictionary<InterfaceId, InterfaceStatus> _interfaces = [];

    public InterfaceTable(SwitchConfig config, ModuleTable modules)
    {
        var holders = new Dictionary<InterfaceId, (Module, ModulePort)>();
        foreach (Module module in modules.Connected)
        {
            foreach (ModulePort port in module.Ports.Values)
                holders[port.Id] = (module, port);
        }

        foreach (InterfaceConfig said in config.Interfaces.Values)
        {
            (Module? module, ModulePort? port) = holders.GetValueOrDefault(said.Id);
            EvaluatedPort evaluated = port is null ? PolicyEvaluator.Evaluate(config, said) : ModuleState.Evaluate(config, port);
            _interfaces.Add(said.Id, new InterfaceStatus(said, evaluated, module, port));
        }
    }

    /// <summary>Ethernet first, then by module and number.</summary>
    public IReadOnlyCollection<InterfaceStatus> All => _interfaces.Values;

    public IEnumerable<InterfaceStatus> Vethernets => All.Where(port => port.Id.IsVethernet);

    public IEnumerable<InterfaceStatus> Ethernets => All.Where(port => !port.Id.IsVethernet);

    /// <summary>Vethernet first, as lists of ports have it.</summary>
    public IEnumerable<InterfaceStatus> VethernetsFirst => [.. Vethernets, .. Ethernets];

    public InterfaceStatus? Find(InterfaceId id) => _interfaces.GetValueOrDefault(id);
}

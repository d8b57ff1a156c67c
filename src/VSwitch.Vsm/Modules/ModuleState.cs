using VSwitch.Policy;
using VSwitch.Protocol;

namespace VSwitch.Vsm;

/// <summary>What a module is to enforce: the evaluated policy of each of its ports, and the access lists that they name.</summary>
public static class ModuleState
{
    /// <summary>The state, in the order of its hash, with epoch zero.</summary>
    public static VemState Build(SwitchConfig config, IEnumerable<ModulePort> ports)
    {
        var state = new VemState { Settings = config.ToSettings() };
        var policies = new Dictionary<string, PolicyState>(StringComparer.Ordinal);
        foreach (ModulePort port in ports)
        {
            InterfaceConfig? said = config.Interfaces.GetValueOrDefault(port.Id);
            InterfaceConfig effective = Effective(config, port);
            string name = PolicyName(effective);
            if (!policies.ContainsKey(name))
            {
                EvaluatedPort evaluated = PolicyEvaluator.Evaluate(config, effective);
                policies[name] = evaluated.Policy.ToMessage(name, evaluated.Block);
            }
            state.Ports.Add(new PortState
            {
                Interface = port.Id.ToString(),
                Attachment = port.Attachment.Id,
                Profile = said?.Profile ?? "",
                Vm = said?.Owner?.Vm ?? "",
                Adapter = (uint)(said?.Owner?.Adapter ?? 0),
                Policy = name,
            });
        }

        state.Policies.AddRange(policies.Values);
        var lists = state.Policies.SelectMany(policy => new[] { policy.AccessGroupIn, policy.AccessGroupOut }).Distinct(StringComparer.Ordinal);
        foreach (string name in lists)
        {
            if (config.AccessLists.TryGetValue(name, out AccessListConfig? list))
                state.AccessLists.Add(list.ToMessage());
        }

        StateHash.Sort(state);
        return state;
    }

    /// <summary>The evaluated policy of an interface that a module has attached.</summary>
    public static EvaluatedPort Evaluate(SwitchConfig config, ModulePort port) => PolicyEvaluator.Evaluate(config, Effective(config, port));

    /// <summary>Interfaces of a type that say nothing over their profile come to the same, whatever it is.</summary>
    private static string PolicyName(InterfaceConfig port) =>
        port.Port == PortConfig.Empty ? $"{port.Id.Type.Word()} {port.Profile}" : port.Id.ToString();

    /// <summary>An interface's words. An uplink may wait for a profile that it cannot have yet; the reason for its quarantine should name it.</summary>
    private static InterfaceConfig Effective(SwitchConfig config, ModulePort port)
    {
        InterfaceConfig said = config.Interfaces.GetValueOrDefault(port.Id) ?? new InterfaceConfig { Id = port.Id };
        Attachment attachment = port.Attachment;
        bool waits = said.Profile is null && attachment is { Uplink: true, Profile.Length: > 0 };
        bool canHave = config.Profiles.TryGetValue(attachment.Profile, out PortProfileConfig? asked) && asked.Type == said.Id.Type;
        return waits && !canHave ? said with { Profile = attachment.Profile } : said;
    }
}

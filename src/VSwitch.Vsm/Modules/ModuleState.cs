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
        state.Ports.AddRange(ports.Select(port => PortState(config, port)));
        var lists = state.Ports.SelectMany(port => new[] { port.AccessGroupIn, port.AccessGroupOut }).Distinct(StringComparer.Ordinal);
        foreach (string name in lists)
        {
            if (config.AccessLists.TryGetValue(name, out AccessListConfig? list))
                state.AccessLists.Add(list.ToMessage());
        }

        StateHash.Sort(state);
        return state;
    }

    /// <summary>The evaluated policy of an interface that a module has attached.</summary>
    public static EvaluatedPort Evaluate(SwitchConfig config, ModulePort port)
    {
        InterfaceConfig said = config.Interfaces.GetValueOrDefault(port.Id) ?? new InterfaceConfig { Id = port.Id };
        return PolicyEvaluator.Evaluate(config, said.Profile is null ? Waiting(config, said, port.Attachment) : said);
    }

    /// <summary>An uplink may wait for a profile that it cannot have yet; the reason for its quarantine should name it.</summary>
    private static InterfaceConfig Waiting(SwitchConfig config, InterfaceConfig said, Attachment attachment)
    {
        bool canHave = config.Profiles.TryGetValue(attachment.Profile, out PortProfileConfig? asked) && asked.Type == said.Id.Type;
        return attachment is { Uplink: true, Profile.Length: > 0 } && !canHave ? said with { Profile = attachment.Profile } : said;
    }

    private static PortState PortState(SwitchConfig config, ModulePort port)
    {
        InterfaceConfig? said = config.Interfaces.GetValueOrDefault(port.Id);
        var state = new PortState
        {
            Interface = port.Id.ToString(),
            Attachment = port.Attachment.Id,
            Profile = said?.Profile ?? "",
            Vm = said?.Owner?.Vm ?? "",
            Adapter = (uint)(said?.Owner?.Adapter ?? 0),
        };
        EvaluatedPort evaluated = Evaluate(config, port);
        state.SetPolicy(evaluated.Policy, evaluated.Block);
        return state;
    }
}

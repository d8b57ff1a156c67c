using VSwitch.Policy;
using VSwitch.Protocol;

namespace VSwitch.Vem;

/// <summary>
/// A policy in force under one name. Ports that have it refer to it for as long as they do, whatever it comes to say: an edit is
/// one write, not one in each of a thousand ports.
/// </summary>
internal sealed class EnforcedPolicy(PolicyState said, PortPolicy policy)
{
    public PolicyState Said { get; private set; } = said;

    public PortPolicy Policy { get; private set; } = policy;

    public void Change(PolicyState said, PortPolicy policy) => (Said, Policy) = (said, policy);
}

/// <summary>The policies of a configuration by name. One that has not changed is not read again.</summary>
internal sealed class PolicyTable
{
    private readonly Dictionary<string, EnforcedPolicy> _policies = new(StringComparer.Ordinal);

    /// <summary>Takes those of another configuration.</summary>
    /// <exception cref="InvalidDataException">One of them makes no sense; the table stays as it was.</exception>
    public void Replace(IReadOnlyCollection<PolicyState> states)
    {
        var changed = new List<(PolicyState Said, PortPolicy Policy)>();
        foreach (PolicyState state in states)
        {
            if (!_policies.TryGetValue(state.Name, out EnforcedPolicy? known) || !ReferenceEquals(known.Said, state))
                changed.Add((state, state.ToPolicy()));
        }

        var names = states.Select(state => state.Name).ToHashSet(StringComparer.Ordinal);
        foreach (string gone in _policies.Keys.Where(name => !names.Contains(name)).ToArray())
            _policies.Remove(gone);
        foreach ((PolicyState said, PortPolicy policy) in changed)
        {
            if (_policies.TryGetValue(said.Name, out EnforcedPolicy? known))
                known.Change(said, policy);
            else
                _policies[said.Name] = new EnforcedPolicy(said, policy);
        }
    }

    /// <summary>The policy of a port.</summary>
    /// <exception cref="InvalidDataException">There is none of this name.</exception>
    public EnforcedPolicy Of(PortState port) => _policies.TryGetValue(port.Policy, out EnforcedPolicy? policy)
        ? policy
        : throw new InvalidDataException($"{port.Interface} has the policy '{port.Policy}', which the configuration does not have.");
}

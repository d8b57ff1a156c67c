using VSwitch.Policy;
using VSwitch.Protocol;

namespace VSwitch.Vem;

/// <summary>A policy in force, and why it lets nothing pass; empty when it does.</summary>
internal sealed record EnforcedPolicy(PolicyState Said, PortPolicy Policy, string BlockedReason);

/// <summary>The policies of a configuration by name. One that has not changed stays the same object, and so do the ports that have it.</summary>
internal sealed class PolicyTable
{
    private Dictionary<string, EnforcedPolicy> _policies = new(StringComparer.Ordinal);

    /// <summary>Takes those of another configuration.</summary>
    /// <exception cref="InvalidDataException">One of them makes no sense; the table stays as it was.</exception>
    public void Replace(IReadOnlyCollection<PolicyState> states)
    {
        var policies = new Dictionary<string, EnforcedPolicy>(states.Count, StringComparer.Ordinal);
        foreach (PolicyState state in states)
        {
            bool isKnown = _policies.TryGetValue(state.Name, out EnforcedPolicy? known) && ReferenceEquals(known.Said, state);
            policies[state.Name] = isKnown ? known! : new EnforcedPolicy(state, state.ToPolicy(), state.BlockedReason);
        }
        _policies = policies;
    }

    /// <summary>The policy of a port.</summary>
    /// <exception cref="InvalidDataException">There is none of this name.</exception>
    public EnforcedPolicy Of(PortState port) => _policies.TryGetValue(port.Policy, out EnforcedPolicy? policy)
        ? policy
        : throw new InvalidDataException($"{port.Interface} has the policy '{port.Policy}', which the configuration does not have.");
}

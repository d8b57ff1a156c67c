namespace VSwitch.Policy;

/// <summary>What a port's profile, the profile's ancestors and the interface's own words come to.</summary>
/// <param name="Config">Everything that was said, the most specific word of each kind.</param>
/// <param name="Policy">What the port does; administratively down whenever <paramref name="Block"/> says why.</param>
/// <param name="Block">Null for a port that forwards.</param>
public sealed record EvaluatedPort(PortConfig Config, PortPolicy Policy, PortBlock? Block);

namespace VSwitch.Forwarding;

/// <summary>A port and the policy that it has, in one snapshot of the switch.</summary>
public readonly record struct PortSnapshot(SwitchPort Port, PolicySnapshot Policy);

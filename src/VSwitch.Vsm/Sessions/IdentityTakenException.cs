namespace VSwitch.Vsm;

/// <summary>A VEM is refused because another process with its identity is in touch.</summary>
public sealed class IdentityTakenException(string message) : RefusedException(message);

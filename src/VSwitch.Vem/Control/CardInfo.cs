using VSwitch.Protocol;

namespace VSwitch.Vem;

/// <summary>What <c>show card</c> says beside the control loop's own state.</summary>
/// <param name="VsmState">How the line to the VSM is, in words.</param>
/// <param name="IsHeadless">Whether there is no line to the VSM.</param>
internal sealed record CardInfo(string HostId, string Name, string VsmAddress, Func<string> VsmState, Func<bool> IsHeadless)
{
    public const int UplinkCountMax = 32;
    public const int VethCountMax = 1024;

    /// <summary>The name of the switch; the VSM says it with its welcome.</summary>
    public string SwitchName { get; set; } = "";

    /// <summary>The first half of the SHA-256 hash of what is in force, in hex.</summary>
    public string ConfigurationHash(VemControl control) =>
        Convert.ToHexStringLower(StateHash.Compute(control.Configuration).Span[..16]);
}

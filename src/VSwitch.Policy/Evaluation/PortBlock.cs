namespace VSwitch.Policy;

/// <summary>Why a port forwards nothing, in the words of <c>show interface</c>.</summary>
/// <param name="Reason">One of the reasons below.</param>
/// <param name="Detail">What exactly is wrong, so that the user knows what to change; null if the reason says it all.</param>
public sealed record PortBlock(string Reason, string? Detail = null)
{
    public const string Quarantine = "quarantine";
    public const string Inactive = "inactive";

    /// <summary>A vEth whose network card is not attached anywhere, or whose VEM is out of touch.</summary>
    public static readonly PortBlock NonParticipating = new("nonParticipating");

    public static readonly PortBlock AdministrativelyDown = new("Administratively down");

    public override string ToString() => Detail is null ? Reason : $"{Reason}: {Detail}";
}

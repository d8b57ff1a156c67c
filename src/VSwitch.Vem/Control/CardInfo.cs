namespace VSwitch.Vem;

/// <summary>What <c>show card</c> says beside the control loop's own state.</summary>
internal sealed class CardInfo(VemOptions options, VemIdentity identity)
{
    public const int UplinkCountMax = 32;
    public const int VethCountMax = 1024;

    private const string NotDialled = "not dialled yet";

    public string HostId => identity.HostId;

    public string Name => options.Name;

    public string VsmAddress => options.Vsm;

    /// <summary>What the VEM was started with; null when it leaves that to the kernel.</summary>
    public int? LatencyMicroseconds => options.LatencyMicroseconds;

    /// <summary>The name of the switch, as the VSM said it last.</summary>
    public string SwitchName { get; set; } = "";

    /// <summary>How the line to the VSM is; empty while it is up.</summary>
    public string LineError { get; set; } = NotDialled;

    public bool IsHeadless => LineError.Length > 0;

    /// <summary>Whether the VSM was tried and does not answer: it is not worth waiting for.</summary>
    public bool IsVsmLost => IsHeadless && LineError != NotDialled;
}

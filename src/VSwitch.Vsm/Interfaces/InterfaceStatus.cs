using VSwitch.Policy;
using VSwitch.Protocol;

namespace VSwitch.Vsm;

/// <summary>An interface as it is now: what was said about it, what that comes to, and where it is attached.</summary>
/// <param name="Config">What was said.</param>
/// <param name="Evaluated">What that comes to.</param>
/// <param name="Module">The module that has it attached; null if none has, or the module is out of touch.</param>
/// <param name="Port">The attachment; null with <paramref name="Module"/>.</param>
public sealed record InterfaceStatus(InterfaceConfig Config, EvaluatedPort Evaluated, Module? Module, ModulePort? Port)
{
    private const string LinkDown = "Link not connected";
    private const string NotApplied = "not applied";

    public InterfaceId Id => Config.Id;

    public Attachment? Attachment => Port?.Attachment;

    public PortPolicy Policy => Evaluated.Policy;

    public bool IsTrunk => Policy.Mode == SwitchportMode.Trunk;

    /// <summary>Null while the interface forwards; else what keeps it down, and of several things what has to be put right first.</summary>
    public PortBlock? Down
    {
        get
        {
            if (Evaluated.Block == PortBlock.AdministrativelyDown)
                return Evaluated.Block;
            if (Port is null)
                return PortBlock.NonParticipating;
            if (Evaluated.Block is not null)
                return Evaluated.Block;
            if (Module!.Session?.State.Refusal?.Errors.FirstOrDefault(error => error.Interface == Id.ToString()) is { } error)
                return new PortBlock(NotApplied, AttachmentCheck.Printable(error.Reason));
            return Attachment!.LinkUp ? null : new PortBlock(LinkDown, Attachment.LinkReason.Length > 0 ? Attachment.LinkReason : null);
        }
    }

    public bool IsUp => Down is null;

    /// <summary>The profile that is in effect: the inherited one or, for a port that has none, the quarantine.</summary>
    public string ProfileName => Config.Profile ?? PolicyEvaluator.QuarantineProfile(Id.Type);

    /// <summary>The VLAN of an access port, or the native one of a trunk.</summary>
    public int Vlan => IsTrunk ? Policy.NativeVlan : Policy.AccessVlan;
}

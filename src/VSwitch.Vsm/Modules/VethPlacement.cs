using VSwitch.Policy;
using VSwitch.Protocol;

namespace VSwitch.Vsm;

/// <summary>
/// Finds the vEth of a network card. The number belongs to the (VM, adapter) pair for good: a card that comes back, on
/// whatever host, has the vEth that it had. A card that is new takes the lowest vEth that was configured beforehand for
/// its profile and has no owner, else the lowest free number.
/// </summary>
public sealed class VethPlacement(SwitchConfig config, Attachment attachment, bool wasAttached)
{
    private const int VethernetMax = 999_999;

    /// <summary>The interface as it is to be.</summary>
    /// <param name="isFree">Whether nobody has an interface attached.</param>
    /// <exception cref="RefusedException">The attachment cannot be; the message says why and what could.</exception>
    public InterfaceConfig Find(Func<InterfaceId, bool> isFree)
    {
        var owner = new VethOwner(attachment.Vm, (int)attachment.Adapter);
        InterfaceConfig? own = config.Interfaces.Values.FirstOrDefault(port => port.Owner == owner);
        PortProfileConfig profile = Profile(own);
        InterfaceConfig place = own ?? Prepared(profile, isFree) ?? new InterfaceConfig { Id = FreeId() };
        RefuseIfFull(profile, place.Id);
        return place with { Owner = owner, Profile = profile.Name, Description = place.Description ?? owner.ToString() };
    }

    /// <summary>
    /// A card that was attached all along keeps the profile that the interface has by now; to attach it anew says which
    /// profile it is to have.
    /// </summary>
    private PortProfileConfig Profile(InterfaceConfig? own)
    {
        if (wasAttached && own?.Profile is { } kept)
            return config.Profiles[kept];
        string name = attachment.Profile.Length > 0 ? attachment.Profile : own?.Profile ?? "";
        if (name.Length == 0)
            throw new RefusedException("a port-profile is needed (--profile)");
        if (!config.Profiles.TryGetValue(name, out PortProfileConfig? profile))
            throw new RefusedException($"port-profile {name} does not exist{NearNames.Suggest(name, config.Profiles.Keys)}");
        if (profile.Type != PortProfileType.Vethernet)
            throw new RefusedException($"port-profile {name} is of type {profile.Type.Word()}; a vEth takes one of type vethernet");
        return profile.Enabled
            ? profile
            : throw new RefusedException($"port-profile {name} is disabled; enable it with \"port-profile {name}\", \"state enabled\"");
    }

    private InterfaceConfig? Prepared(PortProfileConfig profile, Func<InterfaceId, bool> isFree) =>
        config.Interfaces.Values.FirstOrDefault(port =>
            port.Id.IsVethernet && port.Owner is null && port.Profile == profile.Name && isFree(port.Id));

    /// <summary>The number that the VEM remembers, should the supervisor have forgotten; else the lowest that is free.</summary>
    private InterfaceId FreeId()
    {
        if (InterfaceId.TryParse(attachment.Interface, out InterfaceId remembered)
            && remembered is { IsVethernet: true, Number: <= VethernetMax } && !config.Interfaces.ContainsKey(remembered))
            return remembered;
        int number = 1;
        while (config.Interfaces.ContainsKey(InterfaceId.Vethernet(number)))
            number++;
        return number <= VethernetMax ? InterfaceId.Vethernet(number) : throw new RefusedException($"all {VethernetMax} vEth numbers are taken");
    }

    private void RefuseIfFull(PortProfileConfig profile, InterfaceId place)
    {
        int others = config.Interfaces.Values.Count(port => port.Profile == profile.Name && port.Id != place);
        if (others >= profile.MaxPortsOrDefault)
        {
            throw new RefusedException(
                $"port-profile {profile.Name} has its {profile.MaxPortsOrDefault} ports already (max-ports); "
                + $"raise it with \"port-profile {profile.Name}\", \"max-ports N\", or remove vEths that are no longer used");
        }
    }
}

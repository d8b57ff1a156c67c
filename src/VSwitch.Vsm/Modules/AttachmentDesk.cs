using VSwitch.Policy;
using VSwitch.Protocol;

namespace VSwitch.Vsm;

/// <summary>
/// Where VEMs report what they attach and detach. To attach is a transaction: the interface is found or made, stored, and
/// only then does the VEM hear its name. All of this happens at the configuration's gate.
/// </summary>
public sealed class AttachmentDesk
{
    private readonly RunningConfiguration _configuration;
    private readonly ModuleTable _modules;

    public AttachmentDesk(RunningConfiguration configuration, ModuleTable modules)
    {
        _configuration = configuration;
        _modules = modules;
        configuration.Changed += (before, after) =>
        {
            AdoptUplinks(before, after);
            RetryWaiting();
        };
    }

    /// <summary>Takes a new attachment.</summary>
    public AttachResult Attach(Module module, Attachment attachment) => Attach(module, [attachment], wereAttached: false)[0];

    /// <summary>Takes what a VEM that connects has attached by now, in place of what it had when it was last heard of.</summary>
    public IReadOnlyList<AttachResult> Replace(Module module, IReadOnlyList<Attachment> attachments)
    {
        lock (_configuration.Gate)
        {
            module.Ports = module.Ports.Clear();
            module.Waiting = [];
            AttachResult[] results = Attach(module, attachments, wereAttached: true);
            module.Waiting = [.. attachments.Where((_, index) => results[index].Error.Length > 0)];
            return results;
        }
    }

    /// <summary>Ends an attachment; the interface stays, without its network card.</summary>
    public void Detach(Module module, string attachmentId)
    {
        lock (_configuration.Gate)
        {
            module.Waiting = [.. module.Waiting.Where(attachment => attachment.Id != attachmentId)];
            if (Port(module, attachmentId) is { } port)
                module.Ports = module.Ports.Remove(port.Id);
        }
    }

    /// <summary>Notes whether a network card has a link.</summary>
    public void SetLink(Module module, LinkReport report)
    {
        lock (_configuration.Gate)
        {
            if (Port(module, report.Id) is not { } port)
                return;
            Attachment attachment = port.Attachment.Clone();
            attachment.LinkUp = report.Up;
            attachment.LinkReason = AttachmentCheck.Printable(report.Reason);
            module.Ports = module.Ports.SetItem(port.Id, port with { Attachment = attachment });
        }
    }

    private AttachResult[] Attach(Module module, IReadOnlyList<Attachment> attachments, bool wereAttached)
    {
        lock (_configuration.Gate)
        {
            var placed = new List<ModulePort>();
            var results = new AttachResult[attachments.Count];
            if (results.Length == 0)
                return results;
            try
            {
                _configuration.Change(config =>
                {
                    for (int i = 0; i < results.Length; i++)
                        results[i] = Place(ref config, module, attachments[i], wereAttached, placed);
                    return config;
                });
            }
            catch (RefusedException refusal)
            {
                return [.. attachments.Select(attachment => new AttachResult { Id = attachment.Id, Error = refusal.Message })];
            }

            var ids = attachments.Select(attachment => attachment.Id).ToHashSet(StringComparer.Ordinal);
            module.Ports = module.Ports
                .RemoveRange(module.Ports.Values.Where(port => ids.Contains(port.Attachment.Id)).Select(port => port.Id))
                .SetItems(placed.Select(port => KeyValuePair.Create(port.Id, port)));
            return results;
        }
    }

    private AttachResult Place(
        ref SwitchConfig config, Module module, Attachment attachment, bool wasAttached, List<ModulePort> placed)
    {
        try
        {
            if (AttachmentCheck.Problem(attachment) is { } problem)
                throw new RefusedException(problem);
            InterfaceConfig port = attachment.Uplink
                ? Uplink(config, module, attachment)
                : Veth(config, module, attachment, wasAttached, placed);
            RefuseIfHeld(port.Id, module, attachment, placed);
            config = config with { Interfaces = config.Interfaces.SetItem(port.Id, port) };
            placed.Add(new ModulePort(port.Id, attachment));
            return new AttachResult { Id = attachment.Id, Interface = port.Id.ToString(), Notice = SharedAddress(port.Id, attachment) };
        }
        catch (RefusedException refusal)
        {
            return new AttachResult { Id = attachment.Id, Error = refusal.Message };
        }
    }

    private InterfaceConfig Veth(SwitchConfig config, Module module, Attachment attachment, bool wasAttached, List<ModulePort> placed) =>
        new VethPlacement(config, attachment, wasAttached).Find(id => Holder(id, module, placed) is null);

    /// <summary>
    /// An uplink whose profile does not exist yet waits in quarantine. One whose VEM was started with another profile, or in the place
    /// of another netdev, has not what was there before.
    /// </summary>
    private static InterfaceConfig Uplink(SwitchConfig config, Module module, Attachment attachment)
    {
        InterfaceId id = InterfaceId.Ethernet(module.Number, (int)attachment.UplinkNumber);
        InterfaceConfig port = config.Interfaces.GetValueOrDefault(id) ?? new InterfaceConfig { Id = id };
        if (attachment.Anew)
            port = port with { Profile = null };
        return port.Profile is null && CanInherit(config, attachment.Profile) ? port with { Profile = attachment.Profile } : port;
    }

    private static bool CanInherit(SwitchConfig config, string name) =>
        config.Profiles.TryGetValue(name, out PortProfileConfig? profile) && profile.Type == PortProfileType.Ethernet
        && config.Interfaces.Values.Count(port => port.Profile == name) < profile.MaxPortsOrDefault;

    private void RefuseIfHeld(InterfaceId id, Module module, Attachment attachment, List<ModulePort> placed)
    {
        if (Holder(id, module, placed) is not { } holder || (holder.Module == module && holder.Port.Attachment.Id == attachment.Id))
            return;
        Attachment held = holder.Port.Attachment;
        string what = attachment.Uplink
            ? $"uplink {attachment.UplinkNumber}"
            : new VethOwner(attachment.Vm, (int)attachment.Adapter).ToString();
        throw new RefusedException(
            $"{what} is attached already, as {id} on {holder.Module} by {AttachmentCheck.Printable($"{held.Kind} {held.Device}")}");
    }

    /// <summary>What to say of a network card whose address another one has; it may be meant, in another VLAN.</summary>
    private string SharedAddress(InterfaceId id, Attachment attachment)
    {
        if (attachment.Uplink || attachment.Mac.Length == 0)
            return "";
        Attachment? other = _modules.Connected.SelectMany(module => module.Ports.Values)
            .FirstOrDefault(port => port.Id.IsVethernet && port.Id != id && port.Attachment.Mac == attachment.Mac)?.Attachment;
        return other is null
            ? ""
            : $"{attachment.Mac} is the address of {new VethOwner(other.Vm, (int)other.Adapter)} too; the two cannot work in one VLAN. Give one of them another --mac.";
    }

    private (Module Module, ModulePort Port)? Holder(InterfaceId id, Module module, List<ModulePort> placed)
    {
        if (placed.Find(port => port.Id == id) is { } justPlaced)
            return (module, justPlaced);
        return _modules.Holder(id) is { } holder ? (holder, holder.Ports[id]) : null;
    }

    private static ModulePort? Port(Module module, string attachmentId) =>
        module.Ports.Values.FirstOrDefault(port => port.Attachment.Id == attachmentId);

    /// <summary>Gives uplinks the profile that they asked for, when it has just been made.</summary>
    private void AdoptUplinks(SwitchConfig before, SwitchConfig after)
    {
        var waiting =
            from module in _modules.Connected
            from port in module.Ports.Values
            where port.Attachment.Uplink && after.Interfaces.GetValueOrDefault(port.Id) is { Profile: null }
                && !before.Profiles.ContainsKey(port.Attachment.Profile) && CanInherit(after, port.Attachment.Profile)
            select port;
        foreach (ModulePort port in waiting.ToList())
            _configuration.Change(config => Adopted(config, port));
    }

    /// <summary>Tries again what could not be attached when its VEM connected; the VEM hears of what now can.</summary>
    private void RetryWaiting()
    {
        foreach (Module module in _modules.Connected.Where(module => module.Waiting.Count > 0))
        {
            IReadOnlyList<Attachment> waiting = module.Waiting;
            module.Waiting = [];
            AttachResult[] results = Attach(module, waiting, wereAttached: true);
            module.Waiting = [.. waiting.Where((_, index) => results[index].Error.Length > 0)];
            foreach (AttachResult result in results.Where(result => result.Error.Length == 0))
                module.Session?.Send(new VsmMessage { AttachResult = result });
        }
    }

    private static SwitchConfig Adopted(SwitchConfig config, ModulePort port) =>
        CanInherit(config, port.Attachment.Profile)
            ? config with
            {
                Interfaces = config.Interfaces.SetItem(port.Id, config.Interfaces[port.Id] with { Profile = port.Attachment.Profile }),
            }
            : config;
}

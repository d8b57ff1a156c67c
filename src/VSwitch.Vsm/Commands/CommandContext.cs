using VSwitch.Commands;
using VSwitch.Policy;
using VSwitch.Wire;

namespace VSwitch.Vsm;

/// <summary>What one command acts on, and what it wants the user to know besides its output.</summary>
public sealed class CommandContext(IConfiguration configuration, Supervisor? supervisor = null)
{
    private readonly List<string> _notices = [];
    private VlanSet _named = VlanSet.Empty;

    public SwitchConfig Config => configuration.Current;

    /// <summary>The running switch. Only configuration commands work without one, when a saved text is read.</summary>
    public Supervisor Supervisor => supervisor ?? throw new CommandException("this command needs a running switch");

    /// <summary>
    /// What the profile or interface that is being changed inherits, for words that only add to it: <c>allowed vlan add</c>.
    /// </summary>
    public PortConfig Inherited { get; set; } = PortConfig.Empty;

    /// <summary>Lines to print below the output.</summary>
    public IReadOnlyList<string> Notices => _notices;

    public void Note(string notice) => _notices.Add(notice);

    /// <summary>All interfaces as they are now.</summary>
    public InterfaceTable Interfaces => new(Config, Supervisor.Modules);

    /// <summary>Whether a module has this interface attached now.</summary>
    public bool IsAttached(InterfaceId id) => supervisor?.Modules.Holder(id) is not null;

    /// <summary>Whether a VEM with this module number is connected now.</summary>
    public bool IsConnected(int module) => supervisor?.Modules.Find(module)?.IsConnected == true;

    /// <summary>Changes the configuration in one transaction.</summary>
    /// <exception cref="CommandException">The change was refused.</exception>
    public void Change(Func<SwitchConfig, SwitchConfig> change)
    {
        _named = VlanSet.Empty;
        VlanSet created = VlanSet.Empty;
        try
        {
            configuration.Change(config =>
            {
                SwitchConfig changed = change(config);
                created = _named.Remove(VlanReferences.Existing(changed));
                return VlanEdits.Create(changed, created);
            });
        }
        catch (RefusedException refusal)
        {
            throw new CommandException(refusal.Message);
        }

        if (!created.IsEmpty)
            Note(created.Count == 1 ? $"VLAN {created} did not exist; it is created." : $"VLANs {created} did not exist; they are created.");
    }

    /// <summary>Says, while a change is being made, that it names VLANs: those that do not exist are created with it.</summary>
    public void NameVlans(PortConfig words) => _named = _named.Add(VlanReferences.Of(words));
}

using VSwitch.Commands;
using VSwitch.Policy;

namespace VSwitch.Vsm;

/// <summary>The command line's names of interfaces and the configuration's.</summary>
internal static class InterfaceNames
{
    /// <exception cref="CommandException">The switch has no such interfaces.</exception>
    public static InterfaceId Id(InterfaceName name) => name switch
    {
        { Kind: InterfaceKind.Vethernet, Number: > 0 } => InterfaceId.Vethernet(name.Number),
        { Kind: InterfaceKind.Ethernet, Number: > 0 } => InterfaceId.Ethernet(name.Module, name.Number),
        { Kind: InterfaceKind.Vethernet or InterfaceKind.Ethernet } =>
            throw new CommandException($"interfaces are numbered from 1, so there is no {name}"),
        _ => throw new CommandException($"this switch has Vethernet and Ethernet interfaces and no {name}"),
    };

    public static InterfaceName Name(InterfaceId id) =>
        id.IsVethernet ? InterfaceName.Vethernet(id.Number) : InterfaceName.Ethernet(id.Module, id.Number);

    /// <summary>What completion offers: the interfaces that there are, and the words before the number of one that is not there yet.</summary>
    public static IEnumerable<string> Offered(CommandContext context, string type) =>
        context.Config.Interfaces.Keys.Select(id => id.ToString()).Concat(["Vethernet", "Ethernet"])
            .Where(name => type is not ("vethernet" or "ethernet") || name.StartsWith(type, StringComparison.OrdinalIgnoreCase));

    /// <summary>The interfaces that a session is about. Sessions come from outside, so the text may be anything.</summary>
    /// <exception cref="CommandException">The text names no interfaces.</exception>
    public static IReadOnlyList<InterfaceId> Parse(string key) =>
        [.. key.Split(',').Select(Parsed)];

    private static InterfaceId Parsed(string name) =>
        InterfaceId.TryParse(name, out InterfaceId id) ? id : throw new CommandException($"there is no interface {name}");
}

using VSwitch.Commands;
using VSwitch.Wire;

namespace VSwitch.Vsm;

/// <summary>Words about an interface that several reports use.</summary>
internal static class InterfaceWords
{
    /// <summary><c>Net Adapter 1</c>, or the netdev of an uplink.</summary>
    public static string Adapter(InterfaceStatus port) =>
        port.Id.IsVethernet ? port.Config.Owner is { } owner ? $"Net Adapter {owner.Adapter}" : ""
        : AttachmentCheck.Printable(port.Attachment?.Device ?? "");

    /// <summary>The VM of a vEth, the host of an uplink.</summary>
    public static string Owner(InterfaceStatus port) =>
        port.Id.IsVethernet ? port.Config.Owner?.Vm ?? "" : port.Module is { } module ? Host(module) : "";

    /// <summary>The host's address or, of a VEM that does not say, its name.</summary>
    public static string Host(Module module) =>
        AttachmentCheck.Printable(module.Hello is { HostAddress.Length: > 0 } hello ? hello.HostAddress : module.Hello?.HostName ?? "");

    /// <summary><c>0050.56b3.06d1</c>; null if the interface has none.</summary>
    public static string? Mac(InterfaceStatus port) =>
        port.Attachment is { } attachment && MacAddress.TryParse(attachment.Mac, out MacAddress mac) ? mac.ToCisco() : null;

    /// <exception cref="CommandException">It does not exist.</exception>
    public static InterfaceStatus Find(CommandContext context, InterfaceName name) =>
        context.Interfaces.Find(InterfaceNames.Id(name)) ?? throw new CommandException($"{name} does not exist");
}

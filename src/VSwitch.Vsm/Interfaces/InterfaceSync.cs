using VSwitch.Protocol;

namespace VSwitch.Vsm;

/// <summary>Whether the module of an interface runs what the supervisor wants it to run.</summary>
/// <param name="Problem">What is in the way; null if nothing is.</param>
/// <param name="Recovery">What helps; null if nothing has to be done.</param>
public sealed record InterfaceSync(string? Problem, string? Recovery)
{
    public bool IsInSync => Problem is null;

    /// <param name="port">The interface.</param>
    /// <param name="isModuleInSync">Whether a module runs its newest state, by its hash.</param>
    public static InterfaceSync Of(InterfaceStatus port, Func<Module, bool> isModuleInSync)
    {
        if (port.Port is null)
            return new InterfaceSync("the interface is not attached", port.Id.IsVethernet ? "Start its VM, or attach it" : "Bring its host online");
        VemSession? session = port.Module!.Session;
        if (session?.State.Refusal is { } refusal)
            return new InterfaceSync(AttachmentCheck.Printable(Reason(refusal, port)), "Change what was refused; every change is pushed anew");
        return isModuleInSync(port.Module)
            ? new InterfaceSync(null, null)
            : new InterfaceSync($"{port.Module} has not acknowledged its newest state", null);
    }

    private static string Reason(Nack refusal, InterfaceStatus port) =>
        refusal.Errors.FirstOrDefault(error => error.Interface == port.Id.ToString()) is { } error
            ? error.Reason
            : $"{port.Module} refused its newest state: {refusal.Reason}";
}

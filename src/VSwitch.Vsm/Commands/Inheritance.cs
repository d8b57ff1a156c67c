using VSwitch.Commands;

namespace VSwitch.Vsm;

/// <summary>What <c>no inherit port-profile</c> has in common for profiles and interfaces.</summary>
internal static class Inheritance
{
    /// <summary>Whether there is something to take away.</summary>
    /// <param name="inherited">What is inherited; null if nothing.</param>
    /// <param name="invocation">The command.</param>
    /// <param name="name">The word that may name a profile.</param>
    /// <exception cref="CommandException">The command names a profile that is not the one inherited.</exception>
    public static bool Remove(string? inherited, Invocation<CommandContext> invocation, string name)
    {
        if (inherited is null)
            return false;
        return !invocation.TryGet(name, out string? asked) || asked == inherited
            ? true
            : throw new CommandException($"port-profile {asked} is not inherited here; port-profile {inherited} is");
    }
}

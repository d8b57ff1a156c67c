using VSwitch.Commands;

namespace VSwitch.Vsm;

/// <summary>What <c>no inherit port-profile</c> does, in a profile and in an interface.</summary>
internal static class Inheritance
{
    /// <summary>What is inherited after the command: nothing.</summary>
    /// <param name="inherited">What is inherited before; null if nothing.</param>
    /// <param name="invocation">The command.</param>
    /// <param name="word">The name of its argument that may name a profile.</param>
    /// <exception cref="CommandException">It names one that is not the one inherited.</exception>
    public static string? Without(string? inherited, Invocation<CommandContext> invocation, string word)
    {
        if (inherited is not null && invocation.TryGet(word, out string? named) && named != inherited)
            throw new CommandException($"port-profile {named} is not inherited here; port-profile {inherited} is");
        return null;
    }
}

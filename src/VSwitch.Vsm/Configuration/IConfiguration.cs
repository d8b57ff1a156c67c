using VSwitch.Policy;

namespace VSwitch.Vsm;

/// <summary>A configuration that can be changed: the running one, or a draft that a saved text is read into.</summary>
public interface IConfiguration
{
    SwitchConfig Current { get; }

    /// <summary>Changes the configuration in one transaction.</summary>
    /// <param name="change">
    /// The configuration after the change; called once, while nothing else changes. Throws
    /// <see cref="RefusedException"/> to refuse.
    /// </param>
    /// <exception cref="RefusedException">The change was refused, and nothing changed.</exception>
    void Change(Func<SwitchConfig, SwitchConfig> change);
}

/// <summary>A change is refused. The message says why, without a full stop, to the person who asked for it.</summary>
public class RefusedException(string message) : Exception(message);

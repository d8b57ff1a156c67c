using VSwitch.Policy;

namespace VSwitch.Vsm;

/// <summary>A configuration that nobody runs yet: a saved text is read into one before it counts.</summary>
public sealed class DraftConfiguration : IConfiguration
{
    public SwitchConfig Current { get; private set; } = SwitchConfig.Empty;

    public void Change(Func<SwitchConfig, SwitchConfig> change)
    {
        SwitchConfig next = change(Current);
        Current = ConfigValidator.Problems(next).FirstOrDefault() is { } problem ? throw new RefusedException(problem) : next;
    }
}

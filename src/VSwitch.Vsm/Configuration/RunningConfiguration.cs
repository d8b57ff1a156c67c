using VSwitch.Policy;

namespace VSwitch.Vsm;

/// <summary>
/// The configuration that the switch runs.
///
/// A change is a transaction: a new value is made, validated whole, written as text, stored durably, and only then
/// published. Whoever reads <see cref="Current"/> has one consistent value and never waits. Changes wait for one another
/// at <see cref="Gate"/>, which also guards what depends on the configuration and must not move under a change: who is
/// attached where.
/// </summary>
public sealed class RunningConfiguration : IConfiguration
{
    private readonly ConfigurationText _text;
    private readonly IConfigStore _store;
    private volatile SwitchConfig _current;
    private volatile string? _startupText;

    /// <summary>Takes up the configuration that the store kept.</summary>
    /// <exception cref="StoreException">The store holds what this version does not understand.</exception>
    public RunningConfiguration(ConfigurationText text, IConfigStore store)
    {
        _text = text;
        _store = store;
        _startupText = store.LoadStartup();
        _current = Read(store.LoadRunning());
    }

    /// <summary>Raised at the gate after a change has been stored, with the configurations before and after it.</summary>
    public event Action<SwitchConfig, SwitchConfig>? Changed;

    public Lock Gate { get; } = new();

    public SwitchConfig Current => _current;

    /// <summary>The current configuration, as its commands.</summary>
    public string CurrentText => _text.Render(_current);

    /// <summary>What was saved as startup configuration; null if nothing was.</summary>
    public string? StartupText => _startupText;

    public void Change(Func<SwitchConfig, SwitchConfig> change)
    {
        lock (Gate)
        {
            SwitchConfig before = _current;
            SwitchConfig after = change(before);
            if (ReferenceEquals(before, after))
                return;
            if (ConfigValidator.Problems(after).FirstOrDefault() is { } problem)
                throw new RefusedException(problem);
            ConfigPart[] changes = [.. _text.Changes(before, after)];
            if (changes.Length == 0)
                return;

            Store(() => _store.SaveRunning(changes));
            _current = after;
            Changed?.Invoke(before, after);
        }
    }

    /// <summary><c>copy running-config startup-config</c>.</summary>
    public void SaveAsStartup()
    {
        lock (Gate)
        {
            string text = CurrentText;
            Store(() => _store.SaveStartup(text));
            _startupText = text;
        }
    }

    /// <summary><c>write erase</c>.</summary>
    public void EraseStartup()
    {
        lock (Gate)
        {
            Store(() => _store.SaveStartup(null));
            _startupText = null;
        }
    }

    private static void Store(Action save)
    {
        try
        {
            save();
        }
        catch (StoreException e)
        {
            throw new RefusedException($"nothing was changed: {e.Message.TrimEnd('.')}");
        }
    }

    private SwitchConfig Read(string? stored)
    {
        if (stored is null)
            return SwitchConfig.Empty;
        try
        {
            return _text.Parse(stored);
        }
        catch (FormatException e)
        {
            throw new StoreException($"The configuration in {_store.Location} was written by another version of vsm: {e.Message}", e);
        }
    }
}
